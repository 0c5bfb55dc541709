using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Functions.Api;
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

/// <summary>
/// Every function, made from the parts of a composition root: those that the state machines call, the API's two, and the one for ended
/// executions. Lambda's bootstrap picks one by name; the local host calls those of the machines.
/// </summary>
public sealed class FunctionTable
{
    private readonly Dictionary<string, FunctionEntry> _entries = [];

    public FunctionTable(ServiceParts parts)
    {
        AddBackup(parts);
        AddNativeBackup(parts);
        AddRestore(parts);
        AddManagedTarget(parts);
        AddRemovals(parts);
        AddRegister(parts);
        AddScheduleAndPurge(parts);
        AddVerify(parts);
        AddRestoreTest(parts);
        AddVerifySweep(parts);
        AddCopy(parts);
        AddExport(parts);
        AddImport(parts);
        AddApi(parts);
        AddRecovery(parts);
    }

    /// <summary>The program's version and the commit that it was built from.</summary>
    public static string Version { get; } =
        typeof(FunctionTable).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public IReadOnlyDictionary<string, FunctionEntry> Entries => _entries;

    private void AddBackup(ServiceParts parts)
    {
        BeginBackupFunction begin = new(new BeginBackup(parts), parts.Time);
        Add(begin.HandleAsync, FunctionsJson.Default.BeginBackupInput, FunctionsJson.Default.BeginBackupOutput);
        SnapshotFunction snapshot = new(new SnapshotShard(parts), parts.Time, parts.SliceLength);
        Add(snapshot.HandleAsync, FunctionsJson.Default.SnapshotInput, FunctionsJson.Default.SnapshotOutput);
        SurveyClusterFunction survey = new(new SurveyCluster(parts), parts.Time);
        Add(survey.HandleAsync, FunctionsJson.Default.SurveyClusterInput, FunctionsJson.Default.SurveyClusterOutput);
        CompleteBackupFunction complete = new(new CompleteBackup(parts), parts.Time);
        Add(complete.HandleAsync, FunctionsJson.Default.CompleteBackupInput, FunctionsJson.Default.CompleteBackupOutput);
        AbandonBackupFunction abandon = new(new AbandonBackup(parts), parts.Time);
        Add(abandon.HandleAsync, FunctionsJson.Default.AbandonBackupInput);
    }

    private void AddNativeBackup(ServiceParts parts)
    {
        RequestNativeSnapshotFunction request = new(new RequestNativeSnapshot(parts), parts.Time);
        Add(request.HandleAsync, FunctionsJson.Default.RequestNativeSnapshotInput);
        CheckNativeSnapshotFunction check = new(new CheckNativeSnapshot(parts), parts.Time);
        Add(check.HandleAsync, FunctionsJson.Default.CheckNativeSnapshotInput, FunctionsJson.Default.CheckNativeSnapshotOutput);
        BeginNativeExportFunction begin = new(new BeginNativeExport(parts), parts.Time);
        Add(begin.HandleAsync, FunctionsJson.Default.BeginNativeExportInput, FunctionsJson.Default.BeginNativeExportOutput);
        AdoptNativeFileFunction adopt = new(new AdoptNativeFile(parts), parts.Time);
        Add(adopt.HandleAsync, FunctionsJson.Default.AdoptNativeFileInput, FunctionsJson.Default.AdoptNativeFileOutput);
        RemoveNativeFilesFunction remove = new(new RemoveNativeFiles(parts), parts.Time);
        Add(remove.HandleAsync, FunctionsJson.Default.RemoveNativeFilesInput, FunctionsJson.Default.RemoveNativeFilesOutput);
    }

    private void AddRestore(ServiceParts parts)
    {
        CheckRestoreFunction check = new(new CheckRestore(parts), parts.Time);
        Add(check.HandleAsync, FunctionsJson.Default.CheckRestoreInput, FunctionsJson.Default.CheckRestoreOutput);
        ProvisionCacheFunction provision = new(new ProvisionCache(parts), parts.Time);
        Add(provision.HandleAsync, FunctionsJson.Default.ProvisionCacheInput);
        ClaimTargetFunction claim = new(new ClaimTarget(parts), parts.Time);
        Add(claim.HandleAsync, FunctionsJson.Default.ClaimTargetInput);
        RestoreLaneFunction restore = new(new RestoreLane(parts), parts.Time);
        Add(restore.HandleAsync, FunctionsJson.Default.RestoreLaneInput, FunctionsJson.Default.RestoreLaneOutput);
        CompareLaneFunction compare = new(new CompareLane(parts), parts.Time);
        Add(compare.HandleAsync, FunctionsJson.Default.CompareLaneInput, FunctionsJson.Default.CompareLaneOutput);
        CompareTotalsFunction totals = new(new CompareTargetTotals(parts), parts.Time);
        Add(totals.HandleAsync, FunctionsJson.Default.CompareTotalsInput);
        CompleteRestoreFunction complete = new(new CompleteRestore(parts), parts.Time);
        Add(complete.HandleAsync, FunctionsJson.Default.CompleteRestoreInput, FunctionsJson.Default.CompleteRestoreOutput);
        AbandonRestoreFunction abandon = new(new AbandonRestore(parts), parts.Time);
        Add(abandon.HandleAsync, FunctionsJson.Default.AbandonRestoreInput);
    }

    private void AddManagedTarget(ServiceParts parts)
    {
        StageFileFunction stage = new(new StageFile(parts), parts.Time);
        Add(stage.HandleAsync, FunctionsJson.Default.StageFileInput);
        RequestManagedCacheFunction request = new(new RequestManagedCache(parts), parts.Time);
        Add(request.HandleAsync, FunctionsJson.Default.RequestManagedCacheInput, FunctionsJson.Default.ManagedCacheOutput);
        CheckManagedCacheFunction check = new(new CheckManagedCache(parts), parts.Time);
        Add(check.HandleAsync, FunctionsJson.Default.CheckManagedCacheInput, FunctionsJson.Default.ManagedCacheOutput);
        AdoptManagedCacheFunction adopt = new(new AdoptManagedCache(parts), parts.Time);
        Add(adopt.HandleAsync, FunctionsJson.Default.AdoptManagedCacheInput);
        RemoveStagedFilesFunction remove = new(new RemoveStagedFiles(parts), parts.Time);
        Add(remove.HandleAsync, FunctionsJson.Default.RemoveStagedFilesInput, FunctionsJson.Default.RemoveStagedFilesOutput);
    }

    private void AddRemovals(ServiceParts parts)
    {
        RemoveBackup backup = new(parts);
        RemoveBackupObjectsFunction objects = new(backup, parts.Time);
        Add(objects.HandleAsync, FunctionsJson.Default.RemoveBackupObjectsInput, FunctionsJson.Default.RemoveBackupObjectsOutput);
        RemoveBackupRecordFunction backupRecord = new(backup, parts.Time);
        Add(backupRecord.HandleAsync, FunctionsJson.Default.RemoveBackupRecordInput);
        AbandonDeleteFunction abandonDelete = new(backup, parts.Time);
        Add(abandonDelete.HandleAsync, FunctionsJson.Default.AbandonDeleteInput);

        Core.Operations.RemoveCache cache = new(parts);
        RemoveCacheServerFunction server = new(cache, parts.Time);
        Add(server.HandleAsync, FunctionsJson.Default.RemoveCacheServerInput, FunctionsJson.Default.RemoveCacheServerOutput);
        RemoveCacheRecordFunction cacheRecord = new(cache, parts.Time);
        Add(cacheRecord.HandleAsync, FunctionsJson.Default.RemoveCacheRecordInput);
        VerifyFinalShardFunction verify = new(new VerifyFinalBackup(parts), parts.Time);
        Add(verify.HandleAsync, FunctionsJson.Default.VerifyFinalShardInput);
        BeginRemovalFunction begin = new(cache, parts.Time);
        Add(begin.HandleAsync, FunctionsJson.Default.BeginRemovalInput);
        AbandonRemovalFunction abandonRemoval = new(cache, parts.Time);
        Add(abandonRemoval.HandleAsync, FunctionsJson.Default.AbandonRemovalInput);
    }

    private void AddRegister(ServiceParts parts)
    {
        ProbeCache probe = new(parts);
        ProbeCacheFunction ask = new(probe, parts.Time);
        Add(ask.HandleAsync, FunctionsJson.Default.ProbeCacheInput, FunctionsJson.Default.ProbeCacheOutput);
        DescribeManagedSourceFunction describe = new(new DescribeManagedSource(parts), parts.Time);
        Add(describe.HandleAsync, FunctionsJson.Default.DescribeManagedSourceInput);
        AbandonRegistrationFunction abandon = new(probe, parts.Time);
        Add(abandon.HandleAsync, FunctionsJson.Default.AbandonRegistrationInput);
    }

    private void AddScheduleAndPurge(ServiceParts parts)
    {
        PlanBackupsFunction plan = new(new PlanBackups(parts), parts.Time);
        Add(plan.HandleAsync, FunctionsJson.Default.PlanBackupsInput, FunctionsJson.Default.PlanBackupsOutput);
        ReadPurgeClockFunction clock = new(new PurgeClock(parts), parts.Time);
        Add(clock.HandleAsync, FunctionsJson.Default.ReadPurgeClockInput, FunctionsJson.Default.ReadPurgeClockOutput);
        MendRecordsFunction mend = new(new MendRecords(parts), parts.Time);
        Add(mend.HandleAsync, FunctionsJson.Default.MendRecordsInput, FunctionsJson.Default.MendRecordsOutput);
        PurgeBackupsFunction backups = new(new PurgeBackups(parts), parts.Time);
        Add(backups.HandleAsync, FunctionsJson.Default.PurgeBackupsInput, FunctionsJson.Default.PurgeBackupsOutput);
        PurgeLeftoversFunction leftovers = new(new PurgeLeftovers(parts), parts.Time);
        Add(leftovers.HandleAsync, FunctionsJson.Default.PurgeLeftoversInput, FunctionsJson.Default.PurgeLeftoversOutput);
    }

    private void AddVerify(ServiceParts parts)
    {
        PlanVerifyFunction plan = new(new PlanVerify(parts), parts.Time);
        Add(plan.HandleAsync, FunctionsJson.Default.PlanVerifyInput, FunctionsJson.Default.PlanVerifyOutput);
        VerifyShardFunction shard = new(new VerifyShard(parts), parts.Time);
        Add(shard.HandleAsync, FunctionsJson.Default.VerifyShardInput, FunctionsJson.Default.VerifyShardOutput);
        CompleteVerifyFunction complete = new(new CompleteVerify(parts), parts.Time);
        Add(complete.HandleAsync, FunctionsJson.Default.CompleteVerifyInput, FunctionsJson.Default.CompleteVerifyOutput);
        AbandonVerifyFunction abandon = new(new AbandonVerify(parts), parts.Time);
        Add(abandon.HandleAsync, FunctionsJson.Default.AbandonVerifyInput);
    }

    private void AddRestoreTest(ServiceParts parts)
    {
        CompleteRestoreTestFunction complete = new(new CompleteRestoreTest(parts), parts.Time);
        Add(complete.HandleAsync, FunctionsJson.Default.CompleteRestoreTestInput, FunctionsJson.Default.CompleteRestoreTestOutput);
        AbandonRestoreTestFunction abandon = new(new AbandonRestoreTest(parts), parts.Time);
        Add(abandon.HandleAsync, FunctionsJson.Default.AbandonRestoreTestInput);
    }

    private void AddVerifySweep(ServiceParts parts)
    {
        PlanVerifySweepFunction plan = new(new PlanVerifySweep(parts), parts.Time);
        Add(plan.HandleAsync, FunctionsJson.Default.PlanVerifySweepInput, FunctionsJson.Default.PlanVerifySweepOutput);
        ContinueVerifySweepFunction next = new(new ContinueVerifySweep(parts), parts.Time);
        Add(next.HandleAsync, FunctionsJson.Default.ContinueVerifySweepInput, FunctionsJson.Default.ContinueVerifySweepOutput);
        AbandonVerifySweepFunction abandon = new(new AbandonVerifySweep(parts), parts.Time);
        Add(abandon.HandleAsync, FunctionsJson.Default.AbandonVerifySweepInput);
    }

    private void AddCopy(ServiceParts parts)
    {
        BeginCopyFunction begin = new(new BeginCopy(parts), parts.Time);
        Add(begin.HandleAsync, FunctionsJson.Default.BeginCopyInput, FunctionsJson.Default.BeginCopyOutput);
        CopyShardFunction copy = new(new CopyShard(parts), parts.Time);
        Add(copy.HandleAsync, FunctionsJson.Default.CopyShardInput, FunctionsJson.Default.CopyShardOutput);
        CompleteCopyFunction complete = new(new CompleteCopy(parts), parts.Time);
        Add(complete.HandleAsync, FunctionsJson.Default.CompleteCopyInput, FunctionsJson.Default.CompleteCopyOutput);
        AbandonCopyFunction abandon = new(new AbandonCopy(parts), parts.Time);
        Add(abandon.HandleAsync, FunctionsJson.Default.AbandonCopyInput);
    }

    private void AddExport(ServiceParts parts)
    {
        CheckExportFunction check = new(new CheckExport(parts), parts.Time);
        Add(check.HandleAsync, FunctionsJson.Default.CheckExportInput, FunctionsJson.Default.CheckExportOutput);
        ExportShardFunction export = new(new ExportShard(parts), parts.Time);
        Add(export.HandleAsync, FunctionsJson.Default.ExportShardInput, FunctionsJson.Default.ExportShardOutput);
        CompleteExportFunction complete = new(new CompleteExport(parts), parts.Time);
        Add(complete.HandleAsync, FunctionsJson.Default.CompleteExportInput);
        AbandonExportFunction abandon = new(new AbandonExport(parts), parts.Time);
        Add(abandon.HandleAsync, FunctionsJson.Default.AbandonExportInput);
    }

    private void AddImport(ServiceParts parts)
    {
        CheckImportFunction check = new(new CheckImport(parts), parts.Time);
        Add(check.HandleAsync, FunctionsJson.Default.CheckImportInput);
        ImportFileFunction import = new(new ImportFile(parts), parts.Time);
        Add(import.HandleAsync, FunctionsJson.Default.ImportFileInput);
        CompleteImportFunction complete = new(new CompleteImport(parts), parts.Time);
        Add(complete.HandleAsync, FunctionsJson.Default.CompleteImportInput);
        AbandonImportFunction abandon = new(new AbandonImport(parts), parts.Time);
        Add(abandon.HandleAsync, FunctionsJson.Default.AbandonImportInput);
    }

    // Made when they are called: only one function of fifty needs all the routes.
    private void AddApi(ServiceParts parts)
    {
        Lazy<ApiFunction> api = new(() => new ApiFunction(parts, Version));
        Add(HandlerOf<ApiFunction>(), (from, to, context) => ProxyAsync(from, to, request => api.Value.HandleAsync(request, context)));
        Lazy<DownloadFunction> download = new(() => new DownloadFunction(parts));
        Add(HandlerOf<DownloadFunction>(), (from, to, context) => ProxyAsync(from, to, request => download.Value.HandleAsync(request, context)));
    }

    private void AddRecovery(ServiceParts parts)
    {
        AbandonExecutionFunction abandon = new(parts);
        Add(abandon.HandleAsync, FunctionsJson.Default.AbandonExecutionInput);
    }

    private void Add<TInput, TOutput>(
        Func<TInput, ILambdaContext, Task<TOutput>> handler, JsonTypeInfo<TInput> input, JsonTypeInfo<TOutput> output) =>
        Add(handler.Method, async (from, to, context) =>
        {
            TOutput result = await handler(await ReadAsync(from, input), context);
            await JsonSerializer.SerializeAsync(to, result, output);
        });

    private void Add<TInput>(Func<TInput, ILambdaContext, Task> handler, JsonTypeInfo<TInput> input) =>
        Add(handler.Method, async (from, to, context) =>
        {
            await handler(await ReadAsync(from, input), context);
            await to.WriteAsync("null"u8.ToArray());
        });

    private static async Task ProxyAsync(
        Stream from, Stream to, Func<APIGatewayHttpApiV2ProxyRequest, Task<APIGatewayHttpApiV2ProxyResponse>> answer) =>
        await JsonSerializer.SerializeAsync(
            to,
            await answer(await ReadAsync(from, ProxyJson.Default.APIGatewayHttpApiV2ProxyRequest)),
            ProxyJson.Default.APIGatewayHttpApiV2ProxyResponse);

    private static MethodInfo HandlerOf<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods)] TFunction>() =>
        typeof(TFunction).GetMethod("HandleAsync") ?? throw new InvalidOperationException($"{typeof(TFunction)} has no handler.");

    private void Add(MethodInfo method, Func<Stream, Stream, ILambdaContext, Task> invoke)
    {
        LambdaFunctionAttribute function = method.GetCustomAttribute<LambdaFunctionAttribute>()
            ?? throw new InvalidOperationException($"{method.DeclaringType} has no [LambdaFunction].");
        string name = function.ResourceName ?? throw new InvalidOperationException($"{method.DeclaringType} has no ResourceName.");
        _entries.Add(name, new FunctionEntry(name, TimeSpan.FromSeconds(function.Timeout), WithinItsTimeAsync));

        async Task WithinItsTimeAsync(Stream from, Stream to, ILambdaContext context)
        {
            try
            {
                await invoke(from, to, context);
            }
            catch (OperationCanceledException e) when (Deadline.HasPassed(context))
            {
                throw new OutOfTimeException($"{name} was stopped at the end of its {function.Timeout} s. Nothing half-made is kept; start it again.", e);
            }
        }
    }

    private static async Task<TInput> ReadAsync<TInput>(Stream from, JsonTypeInfo<TInput> type)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(from, type)
                ?? throw new InvalidRequestException($"The input is null; a {typeof(TInput).Name} is asked for.");
        }
        catch (JsonException e)
        {
            throw new InvalidRequestException($"The input is not a {typeof(TInput).Name}: {e.Message}", e);
        }
    }
}
