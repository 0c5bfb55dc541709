using System.Text.Json.Serialization;

namespace CacheBackup.Bootstrap;

/// <summary>The settings that are JSON lists of texts.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class SettingsJson : JsonSerializerContext;
