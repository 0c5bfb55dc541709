using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using BackupManifest = CacheBackup.Core.Model.Backup;

namespace CacheBackup.Functions.Api;

/// <summary>The routes below <c>/executions</c>.</summary>
public sealed class ExecutionRoutes(ServiceParts parts)
{
    private const int MaxListed = 100;

    private static readonly QueryParameter OfMachine =
        QueryParameter.OneOf("machine", "Only the executions of this machine.", StateMachines.All);

    public IEnumerable<Route> All =>
    [
        new("GET", "executions", ListAsync)
        {
            Summary = "The executions that run now, the last started first, without their progress.",
            Query = [QueryParameter.Limit(MaxListed), OfMachine], Answer = new(200, ApiJson.Default.ExecutionPage),
        },
        new("GET", "executions/{id}", DescribeAsync)
        {
            Summary = "One execution, with how far it has come. Ids hold colons: percent-encode them.",
            Answer = new(200, ApiJson.Default.ExecutionView), Problems = [ProblemKinds.NotFound],
        },
        new("POST", "executions/{id}/cancel", CancelAsync)
        {
            Summary = "Stops a running execution; what it was making is marked as failed.",
            Answer = new(202, ApiJson.Default.ExecutionView), Problems = [ProblemKinds.NotFound, ProblemKinds.Conflict],
        },
    ];

    private async Task<ApiResponse> ListAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        request.Query.TryGetValue(OfMachine.Name, out string? machine);
        int most = request.QueryNumber("limit", MaxListed, 1, MaxListed);
        IReadOnlyList<ExecutionDescription> running = await parts.Executions.ListRunningAsync(machine, most, cancellationToken);
        ExecutionPage page = new([.. running.Select(execution => ExecutionView.Of(execution, null))]);
        return ApiResponse.Of(200, page, ApiJson.Default.ExecutionPage);
    }

    private async Task<ApiResponse> DescribeAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        ExecutionDescription execution = await FindAsync(request, cancellationToken);
        return await ShowAsync(200, execution, cancellationToken);
    }

    private async Task<ApiResponse> CancelAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        ExecutionDescription execution = await FindAsync(request, cancellationToken);
        if (execution.Status != ExecutionStatus.Running)
        {
            string status = JsonNamingPolicy.KebabCaseLower.ConvertName(execution.Status.ToString());
            throw new CatalogConflictException($"Execution {execution.Id} has ended already ({status}): there is nothing to cancel.");
        }

        await parts.Executions.StopAsync(execution.Id, "Cancelled", "Cancelled by a request.", cancellationToken);
        return await ShowAsync(202, await FindAsync(request, cancellationToken), cancellationToken);
    }

    private async Task<ExecutionDescription> FindAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        ExecutionId id = new(request.Path["id"]);
        ExecutionDescription? execution = parts.Executions.Knows(id) ? await parts.Executions.DescribeAsync(id, cancellationToken) : null;
        return execution ?? throw new NotFoundException("There is no execution of that id here.");
    }

    private async Task<ApiResponse> ShowAsync(int status, ExecutionDescription execution, CancellationToken cancellationToken)
    {
        ProgressView? progress = await ProgressPrefixAsync(execution, cancellationToken) is { } prefix
            ? ProgressView.Of(await ProgressRecords.SumAsync(parts.Store, prefix, cancellationToken), execution.StartedAt)
            : null;
        ExecutionView view = ExecutionView.Of(execution, progress);
        return ApiResponse.Of(status, view, ApiJson.Default.ExecutionView);
    }

    private async Task<string?> ProgressPrefixAsync(ExecutionDescription execution, CancellationToken cancellationToken)
    {
        switch (execution.Machine)
        {
            case StateMachines.Backup:
                BackupJob backupJob = JsonSerializer.Deserialize(execution.Input, OperationsJson.Default.BackupJob)!;
                BackupManifest? backup = (await parts.Catalog.Backups.FindAsync(backupJob.Backup, cancellationToken))?.Document;
                return backup is { } found && found.IsHeldBy(execution.Id, backupJob.Generation) ? CatalogKeys.BackupProgress(found.Id) : null;
            case StateMachines.Copy or StateMachines.Import:
                NewBackupJob newJob = JsonSerializer.Deserialize(execution.Input, OperationsJson.Default.NewBackupJob)!;
                BackupManifest? made = (await parts.Catalog.Backups.FindAsync(newJob.Backup, cancellationToken))?.Document;
                return made is { } own && own.IsHeldBy(execution.Id, newJob.Generation) ? CatalogKeys.BackupProgress(own.Id) : null;
            case StateMachines.Export:
                ExportJob exportJob = JsonSerializer.Deserialize(execution.Input, OperationsJson.Default.ExportJob)!;
                return CatalogKeys.ExportProgress(exportJob.Export, exportJob.Generation);
            case StateMachines.Restore or StateMachines.RestoreTest:
                RestoreJob restoreJob = JsonSerializer.Deserialize(execution.Input, OperationsJson.Default.RestoreJob)!;
                return CatalogKeys.RestoreProgress(restoreJob.Cache, restoreJob.Generation);
            case StateMachines.Verify:
                VerifyJob verifyJob = JsonSerializer.Deserialize(execution.Input, OperationsJson.Default.VerifyJob)!;
                BackupManifest? verified = (await parts.Catalog.Backups.FindAsync(verifyJob.Backup, cancellationToken))?.Document;
                return verified is null ? null : CatalogKeys.VerifyProgress(verified.Id, verifyJob.Generation);
            default:
                return null;
        }
    }
}
