using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Aws.Watching;

[JsonSerializable(typeof(PutEventsRequest))]
[JsonSerializable(typeof(PutEventsReply))]
internal sealed partial class WatchingJson : JsonSerializerContext
{
    /// <summary>An event as the catalog writes it, on one line: what a bus takes is counted in bytes.</summary>
    public static JsonTypeInfo<BackupEvent> CompactEvent { get; } =
        (JsonTypeInfo<BackupEvent>)new JsonSerializerOptions(CatalogJson.Default.Options) { WriteIndented = false }.GetTypeInfo(typeof(BackupEvent));
}
