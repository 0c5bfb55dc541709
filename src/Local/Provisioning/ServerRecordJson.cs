using System.Text.Json.Serialization;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Local.Provisioning;

/// <summary>How <see cref="ServerRecord"/> is written. Names are frozen.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    Converters = [typeof(CatalogTextJson<CacheName>), typeof(CatalogEnumJson<CacheEngine>)])]
[JsonSerializable(typeof(ServerRecord))]
internal sealed partial class ServerRecordJson : JsonSerializerContext;
