using System.Text.Json.Serialization;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>The inputs of executions.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters =
    [
        typeof(CatalogTextJson<BackupName>), typeof(CatalogTextJson<CacheName>), typeof(CatalogTextJson<ExecutionId>),
        typeof(CatalogTextJson<ExportId>), typeof(CatalogEnumJson<BackupMethod>),
        typeof(CatalogEnumJson<RestoreFill>),
    ])]
[JsonSerializable(typeof(BackupJob))]
[JsonSerializable(typeof(RestoreJob))]
[JsonSerializable(typeof(DeleteJob))]
[JsonSerializable(typeof(NewBackupJob))]
[JsonSerializable(typeof(ExportJob))]
[JsonSerializable(typeof(CacheJob))]
[JsonSerializable(typeof(RegisterJob))]
[JsonSerializable(typeof(VerifyJob))]
[JsonSerializable(typeof(VerifySweepJob))]
public sealed partial class OperationsJson : JsonSerializerContext;
