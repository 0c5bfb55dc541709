using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using BackupManifest = CacheBackup.Core.Model.Backup;

namespace CacheBackup.Functions.Api;

/// <summary>The routes below <c>/executions</c>.</summary>
public sealed class ExecutionRoutes(ServiceParts parts)
{
    public IEnumerable<Route> All =>
    [
        new("GET", "executions/{id}", DescribeAsync),
        new("POST", "executions/{id}/cancel", CancelAsync),
    ];

    private async Task<ApiResponse> DescribeAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        ExecutionDescription execution = await FindAsync(request, cancellationToken);
        return await ShowAsync(200, execution, cancellationToken);
    }

    private async Task<ApiResponse> CancelAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        ExecutionDescription execution = await FindAsync(request, cancellationToken);
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
        ExecutionView view = new()
        {
            Id = execution.Id,
            Machine = execution.Machine,
            Status = execution.Status,
            State = execution.State,
            StartedAt = execution.StartedAt,
            EndedAt = execution.EndedAt,
            Error = execution.Error,
            Cause = execution.Cause,
            Progress = await ProgressPrefixAsync(execution, cancellationToken) is { } prefix
                ? ProgressView.Of(await ProgressRecords.SumAsync(parts.Store, prefix, cancellationToken), execution.StartedAt)
                : null,
        };
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
