using System.Text.Json.Serialization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Retention;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Catalog;

/// <summary>How the catalog's documents are written. Names are frozen: members and enum texts may be added, never changed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters =
    [
        typeof(CatalogTextJson<BackupId>), typeof(CatalogTextJson<BackupName>), typeof(CatalogTextJson<BackupWindow>), typeof(CatalogTextJson<CacheName>),
        typeof(CatalogTextJson<CacheVersion>), typeof(CatalogTextJson<CredentialReference>), typeof(CatalogTextJson<ExecutionId>),
        typeof(CatalogTextJson<ExportId>), typeof(CatalogTextJson<ObjectKey>), typeof(CatalogTextJson<SlotSet>),
        typeof(CatalogEnumJson<BackupKind>), typeof(CatalogEnumJson<BackupMethod>), typeof(CatalogEnumJson<BackupStatus>), typeof(CatalogEnumJson<CacheEngine>),
        typeof(CatalogEnumJson<CacheStatus>), typeof(CatalogEnumJson<CacheTopology>), typeof(CatalogEnumJson<CompareDifferenceKind>), typeof(CatalogEnumJson<OperationKind>),
        typeof(CatalogEnumJson<EventCode>), typeof(CatalogEnumJson<ExportFileState>), typeof(CatalogEnumJson<RestoreFill>),
        typeof(CatalogEnumJson<SnapshotConsistency>), typeof(CatalogEnumJson<UseKind>), typeof(CatalogEnumJson<VerifyFindingKind>),
    ])]
[JsonSerializable(typeof(Backup))]
[JsonSerializable(typeof(BackupEvent))]
[JsonSerializable(typeof(Cache))]
[JsonSerializable(typeof(ClockMark))]
[JsonSerializable(typeof(Export))]
[JsonSerializable(typeof(NativeExport))]
[JsonSerializable(typeof(NativeFileList))]
[JsonSerializable(typeof(ShardManifest))]
[JsonSerializable(typeof(SnapshotCheckpoint))]
[JsonSerializable(typeof(ProgressRecord))]
[JsonSerializable(typeof(RequestRecord))]
[JsonSerializable(typeof(CompareReport))]
[JsonSerializable(typeof(EntrySelection))]
[JsonSerializable(typeof(RestoreLanePlan))]
[JsonSerializable(typeof(RestoreLaneRecord))]
[JsonSerializable(typeof(VerifyReport))]
[JsonSerializable(typeof(VerifySweep))]
public sealed partial class CatalogJson : JsonSerializerContext;
