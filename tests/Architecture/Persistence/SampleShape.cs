using System.Text.Json.Serialization;

namespace CacheBackup.Architecture.Tests.Persistence;

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(SampleSquare), "square")]
public abstract record SampleShape(int Id);
