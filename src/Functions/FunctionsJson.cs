using System.Text.Json.Serialization;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Functions.Backup;
using CacheBackup.Functions.Copy;
using CacheBackup.Functions.Delete;
using CacheBackup.Functions.Export;
using CacheBackup.Functions.Import;
using CacheBackup.Functions.Purge;
using CacheBackup.Functions.Recover;
using CacheBackup.Functions.Register;
using CacheBackup.Functions.RemoveCache;
using CacheBackup.Functions.Restore;
using CacheBackup.Functions.RestoreTest;
using CacheBackup.Functions.Schedule;
using CacheBackup.Functions.Verify;
using CacheBackup.Functions.VerifySweep;

namespace CacheBackup.Functions;

/// <summary>The inputs and outputs of the state machines' tasks. They only grow: a run that began with an older version ends with it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters =
    [
        typeof(CatalogTextJson<BackupName>), typeof(CatalogTextJson<CacheName>), typeof(CatalogTextJson<CacheVersion>),
        typeof(CatalogTextJson<ExecutionId>), typeof(CatalogTextJson<ExportId>), typeof(CatalogEnumJson<CacheEngine>), typeof(CatalogEnumJson<RestoreFill>),
        typeof(CatalogEnumJson<RestoreTargetKind>), typeof(CatalogEnumJson<BackupMethod>), typeof(CatalogEnumJson<NativeState>),
        typeof(CatalogEnumJson<NativeExportStep>), typeof(CatalogEnumJson<ServerRemovalStep>),
    ])]
[JsonSerializable(typeof(AbandonBackupInput))]
[JsonSerializable(typeof(BeginBackupInput))]
[JsonSerializable(typeof(BeginBackupOutput))]
[JsonSerializable(typeof(CompleteBackupInput))]
[JsonSerializable(typeof(CompleteBackupOutput))]
[JsonSerializable(typeof(SnapshotInput))]
[JsonSerializable(typeof(SnapshotOutput))]
[JsonSerializable(typeof(SurveyClusterInput))]
[JsonSerializable(typeof(SurveyClusterOutput))]
[JsonSerializable(typeof(RequestNativeSnapshotInput))]
[JsonSerializable(typeof(CheckNativeSnapshotInput))]
[JsonSerializable(typeof(CheckNativeSnapshotOutput))]
[JsonSerializable(typeof(BeginNativeExportInput))]
[JsonSerializable(typeof(BeginNativeExportOutput))]
[JsonSerializable(typeof(AdoptNativeFileInput))]
[JsonSerializable(typeof(AdoptNativeFileOutput))]
[JsonSerializable(typeof(RemoveNativeFilesInput))]
[JsonSerializable(typeof(RemoveNativeFilesOutput))]
[JsonSerializable(typeof(DescribeManagedSourceInput))]
[JsonSerializable(typeof(AbandonDeleteInput))]
[JsonSerializable(typeof(AbandonExecutionInput))]
[JsonSerializable(typeof(RemoveBackupObjectsInput))]
[JsonSerializable(typeof(RemoveBackupObjectsOutput))]
[JsonSerializable(typeof(RemoveBackupRecordInput))]
[JsonSerializable(typeof(AbandonRegistrationInput))]
[JsonSerializable(typeof(ProbeCacheInput))]
[JsonSerializable(typeof(ProbeCacheOutput))]
[JsonSerializable(typeof(AbandonRemovalInput))]
[JsonSerializable(typeof(BeginRemovalInput))]
[JsonSerializable(typeof(RemoveCacheRecordInput))]
[JsonSerializable(typeof(VerifyFinalShardInput))]
[JsonSerializable(typeof(RemoveCacheServerInput))]
[JsonSerializable(typeof(RemoveCacheServerOutput))]
[JsonSerializable(typeof(AbandonRestoreInput))]
[JsonSerializable(typeof(CheckRestoreInput))]
[JsonSerializable(typeof(CheckRestoreOutput))]
[JsonSerializable(typeof(ClaimTargetInput))]
[JsonSerializable(typeof(CompareLaneInput))]
[JsonSerializable(typeof(CompareLaneOutput))]
[JsonSerializable(typeof(CompareTotalsInput))]
[JsonSerializable(typeof(CompleteRestoreInput))]
[JsonSerializable(typeof(CompleteRestoreOutput))]
[JsonSerializable(typeof(StageFileInput))]
[JsonSerializable(typeof(RequestManagedCacheInput))]
[JsonSerializable(typeof(CheckManagedCacheInput))]
[JsonSerializable(typeof(ManagedCacheOutput))]
[JsonSerializable(typeof(AdoptManagedCacheInput))]
[JsonSerializable(typeof(RemoveStagedFilesInput))]
[JsonSerializable(typeof(RemoveStagedFilesOutput))]
[JsonSerializable(typeof(ProvisionCacheInput))]
[JsonSerializable(typeof(RestoreLaneInput))]
[JsonSerializable(typeof(RestoreLaneOutput))]
[JsonSerializable(typeof(PlanBackupsInput))]
[JsonSerializable(typeof(PlanBackupsOutput))]
[JsonSerializable(typeof(ReadPurgeClockInput))]
[JsonSerializable(typeof(ReadPurgeClockOutput))]
[JsonSerializable(typeof(MendRecordsInput))]
[JsonSerializable(typeof(MendRecordsOutput))]
[JsonSerializable(typeof(PurgeBackupsInput))]
[JsonSerializable(typeof(PurgeBackupsOutput))]
[JsonSerializable(typeof(PurgeLeftoversInput))]
[JsonSerializable(typeof(PurgeLeftoversOutput))]
[JsonSerializable(typeof(AbandonRestoreTestInput))]
[JsonSerializable(typeof(CompleteRestoreTestInput))]
[JsonSerializable(typeof(CompleteRestoreTestOutput))]
[JsonSerializable(typeof(AbandonVerifyInput))]
[JsonSerializable(typeof(AbandonVerifySweepInput))]
[JsonSerializable(typeof(ContinueVerifySweepInput))]
[JsonSerializable(typeof(ContinueVerifySweepOutput))]
[JsonSerializable(typeof(PlanVerifySweepInput))]
[JsonSerializable(typeof(PlanVerifySweepOutput))]
[JsonSerializable(typeof(CompleteVerifyInput))]
[JsonSerializable(typeof(CompleteVerifyOutput))]
[JsonSerializable(typeof(PlanVerifyInput))]
[JsonSerializable(typeof(PlanVerifyOutput))]
[JsonSerializable(typeof(VerifyShardInput))]
[JsonSerializable(typeof(VerifyShardOutput))]
[JsonSerializable(typeof(BeginCopyInput))]
[JsonSerializable(typeof(BeginCopyOutput))]
[JsonSerializable(typeof(CopyShardInput))]
[JsonSerializable(typeof(CopyShardOutput))]
[JsonSerializable(typeof(CompleteCopyInput))]
[JsonSerializable(typeof(CompleteCopyOutput))]
[JsonSerializable(typeof(AbandonCopyInput))]
[JsonSerializable(typeof(CheckExportInput))]
[JsonSerializable(typeof(CheckExportOutput))]
[JsonSerializable(typeof(ExportShardInput))]
[JsonSerializable(typeof(ExportShardOutput))]
[JsonSerializable(typeof(CompleteExportInput))]
[JsonSerializable(typeof(AbandonExportInput))]
[JsonSerializable(typeof(CheckImportInput))]
[JsonSerializable(typeof(ImportFileInput))]
[JsonSerializable(typeof(CompleteImportInput))]
[JsonSerializable(typeof(AbandonImportInput))]
public sealed partial class FunctionsJson : JsonSerializerContext;
