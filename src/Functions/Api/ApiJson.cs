using System.Text.Json.Serialization;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Retention;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;

namespace CacheBackup.Functions.Api;

/// <summary>The API's bodies.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters =
    [
        typeof(CatalogTextJson<BackupId>), typeof(CatalogTextJson<BackupName>), typeof(CatalogTextJson<BackupWindow>),
        typeof(CatalogEnumJson<ClockVerdict>), typeof(CatalogEnumJson<RetentionReason>), typeof(CatalogTextJson<CacheName>),
        typeof(CatalogTextJson<CacheVersion>), typeof(CatalogTextJson<CredentialReference>), typeof(CatalogTextJson<ExecutionId>),
        typeof(CatalogTextJson<ObjectKey>), typeof(CatalogTextJson<SlotSet>),
        typeof(CatalogEnumJson<BackupKind>), typeof(CatalogEnumJson<BackupMethod>), typeof(CatalogEnumJson<CacheEngine>), typeof(CatalogEnumJson<CacheStatus>),
        typeof(CatalogEnumJson<CacheTopology>), typeof(CatalogEnumJson<EventCode>), typeof(CatalogEnumJson<ExecutionStatus>), typeof(CatalogEnumJson<OperationKind>),
        typeof(CatalogEnumJson<RestoreFill>), typeof(CatalogEnumJson<SnapshotConsistency>), typeof(CatalogEnumJson<UseKind>),
        typeof(CatalogEnumJson<VerifyFindingKind>),
    ])]
[JsonSerializable(typeof(RegisterCacheBody))]
[JsonSerializable(typeof(ModifyCacheBody))]
[JsonSerializable(typeof(RetentionView))]
[JsonSerializable(typeof(PurgeView))]
[JsonSerializable(typeof(StartBackupBody))]
[JsonSerializable(typeof(StartRestoreBody))]
[JsonSerializable(typeof(StartCopyBody))]
[JsonSerializable(typeof(DownloadView))]
[JsonSerializable(typeof(StartExportBody))]
[JsonSerializable(typeof(StartImportBody))]
[JsonSerializable(typeof(ExportView))]
[JsonSerializable(typeof(CacheView))]
[JsonSerializable(typeof(CachePage))]
[JsonSerializable(typeof(BackupView))]
[JsonSerializable(typeof(BackupPage))]
[JsonSerializable(typeof(TagsBody))]
[JsonSerializable(typeof(TagsView))]
[JsonSerializable(typeof(CostPage))]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(ExecutionView))]
[JsonSerializable(typeof(ExecutionPage))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(ProblemDetails))]
public sealed partial class ApiJson : JsonSerializerContext;
