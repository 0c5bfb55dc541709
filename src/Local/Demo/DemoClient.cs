using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Functions.Api;
using CacheBackup.Local.Host;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Demo;

/// <summary>Calls the service as its users do: by HTTP, with the token.</summary>
internal sealed class DemoClient : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    public DemoClient(Uri url, AccessToken token, TimeProvider time)
    {
        _http = new HttpClient { BaseAddress = url };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Value.Reveal());
        _time = time;
    }

    public async Task<CacheView> RegisterAsync(string name, CacheAddress address, CancellationToken cancellationToken)
    {
        RegisterCacheBody body = new() { Name = name, Host = address.Endpoint.Host, Port = address.Endpoint.Port, Password = address.Password?.Value };
        CacheView cache = await PostAsync("/caches", body, ApiJson.Default.RegisterCacheBody, ApiJson.Default.CacheView, cancellationToken);
        return await FinishAsync(cache, progress: null, cancellationToken);
    }

    /// <summary>Takes a backup to its end.</summary>
    public async Task<BackupView> BackUpAsync(string name, string cache, ProgressPhase progress, CancellationToken cancellationToken)
    {
        StartBackupBody body = new() { Name = name, Cache = cache };
        BackupView backup = await PostAsync("/backups", body, ApiJson.Default.StartBackupBody, ApiJson.Default.BackupView, cancellationToken);
        await WatchAsync(backup.Execution, progress, cancellationToken);
        return await GetAsync($"/backups/{name}", ApiJson.Default.BackupView, cancellationToken);
    }

    public Task<BackupPage> ListBackupsAsync(CancellationToken cancellationToken) => GetAsync("/backups", ApiJson.Default.BackupPage, cancellationToken);

    /// <summary>Restores into a new cache, to its end.</summary>
    public async Task<CacheView> RestoreAsync(string backup, string cache, ProgressPhase progress, CancellationToken cancellationToken)
    {
        StartRestoreBody body = new() { Cache = cache, Fill = RestoreFill.Restore };
        CacheView started = await PostAsync(
            $"/backups/{backup}/restore", body, ApiJson.Default.StartRestoreBody, ApiJson.Default.CacheView, cancellationToken);
        return await FinishAsync(started, progress, cancellationToken);
    }

    /// <summary>Removes a backup or a cache, to its end.</summary>
    public async Task RemoveAsync(string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.DeleteAsync(Relative(path), cancellationToken);
        if (response.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return;
        }

        await RequireAsync(response, cancellationToken);
        while (true)
        {
            using HttpResponseMessage found = await _http.GetAsync(Relative(path), cancellationToken);
            if (found.StatusCode == System.Net.HttpStatusCode.NotFound)
            {
                return;
            }

            await RequireAsync(found, cancellationToken);
            await Task.Delay(PollInterval, _time, cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();

    private static Uri Relative(string path) => new(path, UriKind.Relative);

    private static async Task RequireAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            ProblemDetails? problem = await response.Content.ReadFromJsonAsync(ApiJson.Default.ProblemDetails, cancellationToken);
            throw new DemoFailedException(
                $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.AbsolutePath} was answered {(int)response.StatusCode}: {problem?.Detail}");
        }
    }

    private async Task<CacheView> FinishAsync(CacheView started, ProgressPhase? progress, CancellationToken cancellationToken)
    {
        if (started.Operation is { } operation)
        {
            await WatchAsync(operation.Execution, progress, cancellationToken);
        }

        return await GetAsync($"/caches/{started.Name}", ApiJson.Default.CacheView, cancellationToken);
    }

    /// <summary>Waits for the end of an execution.</summary>
    /// <exception cref="DemoFailedException">It did not succeed.</exception>
    private async Task WatchAsync(ExecutionId id, ProgressPhase? progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            ExecutionView execution = await GetAsync(
                $"/executions/{Uri.EscapeDataString(id.Value)}", ApiJson.Default.ExecutionView, cancellationToken);
            if (execution.Progress is ProgressView reached)
            {
                progress?.Report(new TransferProgress(reached.Bytes, reached.TotalBytes, reached.Keys));
            }

            if (execution.Status != ExecutionStatus.Running)
            {
                _ = execution.Status == ExecutionStatus.Succeeded
                    ? true
                    : throw new DemoFailedException($"{execution.Machine} ended as {execution.Status} in {execution.State}: {execution.Error}: {execution.Cause}");
                return;
            }

            await Task.Delay(PollInterval, _time, cancellationToken);
        }
    }

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.GetAsync(Relative(path), cancellationToken);
        await RequireAsync(response, cancellationToken);
        return (await response.Content.ReadFromJsonAsync(type, cancellationToken))!;
    }

    private async Task<TAnswer> PostAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken)
    {
        using JsonContent content = JsonContent.Create(body, bodyType);
        using HttpResponseMessage response = await _http.PostAsync(Relative(path), content, cancellationToken);
        await RequireAsync(response, cancellationToken);
        return (await response.Content.ReadFromJsonAsync(answerType, cancellationToken))!;
    }
}
