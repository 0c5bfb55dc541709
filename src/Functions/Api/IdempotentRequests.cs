using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CacheBackup.Core;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Api;

/// <summary>
/// Answers a request once for each idempotency key: reserve the key, let the route do its work with executions that wait, record the answer
/// together with them, then start them. A crash before the record leaves a key that another attempt takes over, and nothing started; a
/// crash after it leaves executions that the next request with the key starts. An attempt that was given up on and lives on cannot record
/// an answer, and starts nothing.
/// </summary>
/// <param name="routesOn">The routes, working on other parts.</param>
public sealed class IdempotentRequests(ServiceParts parts, Func<ServiceParts, IReadOnlyList<Route>> routesOn)
{
    public const string KeyHeader = "Idempotency-Key";
    public const string ReplayedHeader = "idempotent-replayed";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CleanupLimit = TimeSpan.FromSeconds(10);

    /// <exception cref="IdempotencyMismatchException">The key was used for another request in the last 24 hours.</exception>
    /// <exception cref="RequestInProgressException">Another request with the key did not answer in time.</exception>
    public async Task<ApiResponse> RunAsync(RequestKey key, Route route, ApiCall call, ApiRequest request, CancellationToken cancellationToken)
    {
        RequestRecord mine = new()
        {
            Method = call.Method,
            Path = call.Query.Length == 0 ? call.Path : $"{call.Path}?{call.Query}",
            BodySha256 = Convert.ToHexStringLower(SHA256.HashData(call.Body.Span)),
            At = parts.Time.GetUtcNow(),
            Holder = parts.Ids.Next(),
        };
        RequestRecord current = await ReserveAsync(key, mine, cancellationToken);
        return IsHeldBy(current, mine)
            ? await AnswerAsync(key, mine, route, request, cancellationToken)
            : await ReplayAsync(current, route, cancellationToken);
    }

    /// <summary>Returns our own reservation, or the record of the request that was answered before.</summary>
    private async Task<RequestRecord> ReserveAsync(RequestKey key, RequestRecord mine, CancellationToken cancellationToken)
    {
        long began = parts.Time.GetTimestamp();
        bool isReserved = await parts.Catalog.Requests.TryCreateAsync(key, mine, cancellationToken);
        while (!isReserved)
        {
            try
            {
                RequestRecord current = await parts.Catalog.Requests.ChangeAsync(key, found => MayBeTaken(found, mine) ? mine : found, cancellationToken);
                if (IsHeldBy(current, mine) || current.IsAnswered)
                {
                    return current;
                }
            }
            catch (NotFoundException)
            {
                // It expired and was removed between the two: the key is free.
                isReserved = await parts.Catalog.Requests.TryCreateAsync(key, mine, cancellationToken);
                continue;
            }

            if (parts.Time.GetElapsedTime(began) >= Patience)
            {
                throw new RequestInProgressException("Another request with this Idempotency-Key is being answered. Ask again with the same key.");
            }

            await Task.Delay(PollInterval, parts.Time, cancellationToken);
        }

        return mine;
    }

    private static bool MayBeTaken(RequestRecord found, RequestRecord mine)
    {
        if (found.IsOver(mine.At) || (!found.IsAnswered && found.Holder is null))
        {
            return true;
        }

        return found.IsSameRequest(mine)
            ? !found.IsAnswered && mine.At >= found.At + RequestRecord.GivenUpAfter
            : throw new IdempotencyMismatchException(
                $"This Idempotency-Key was used at {found.At:u} for {found.Method} {found.Path}, or for another body. Take a new key for a new request.");
    }

    private async Task<ApiResponse> AnswerAsync(
        RequestKey key, RequestRecord mine, Route route, ApiRequest request, CancellationToken cancellationToken)
    {
        WaitingExecutions executions = new(parts.Executions, parts.Time);
        try
        {
            Route waiting = routesOn(parts with { Executions = executions }).Single(r => r.Method == route.Method && r.Template == route.Template);
            ApiResponse response = await waiting.HandleAsync(request, cancellationToken);

            // Until here nothing was started; from here on whoever holds the key may start it.
            await RecordAsync(key, mine, response, executions.Waiting, cancellationToken);
            foreach (RequestedExecution execution in executions.Waiting)
            {
                await parts.Executions.StartAsync(execution.Id, Encoding.UTF8.GetBytes(execution.Input), cancellationToken);
            }

            return response;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            await GiveUpAsync(key, mine, executions.Waiting, e);
            throw;
        }
    }

    private async Task RecordAsync(
        RequestKey key, RequestRecord mine, ApiResponse response, IReadOnlyList<RequestedExecution> executions, CancellationToken cancellationToken)
    {
        using JsonDocument body = JsonDocument.Parse(response.Body);
        JsonElement answer = body.RootElement;
        RequestRecord recorded = await parts.Catalog.Requests.ChangeAsync(
            key,
            current => IsHeldBy(current, mine) && !current.IsAnswered
                ? current with { Status = response.Status, Location = response.Location, Body = answer, Executions = executions }
                : current,
            cancellationToken);
        if (!IsHeldBy(recorded, mine))
        {
            throw new RequestInProgressException("This request took so long that another one with its Idempotency-Key went on instead. Ask again with the same key.");
        }
    }

    /// <summary>Gives back what the route reserved for executions that do not run, then the key.</summary>
    private async Task GiveUpAsync(RequestKey key, RequestRecord mine, IReadOnlyList<RequestedExecution> executions, Exception reason)
    {
        using CancellationTokenSource cleanup = new(CleanupLimit, parts.Time);
        try
        {
            foreach (RequestedExecution execution in executions)
            {
                if (await parts.Executions.DescribeAsync(execution.Id, cleanup.Token) is not null)
                {
                    // It runs, by us or by a replay: the record stands, and the next request with the key is told of it.
                    return;
                }

                await new RecoverOperations(parts).AbandonAsync(Failed(execution, reason), cleanup.Token);
            }

            await parts.Catalog.Requests.ChangeAsync(
                key,
                current => IsHeldBy(current, mine)
                    ? current with { Holder = null, Status = null, Location = null, Body = null, Executions = null }
                    : current,
                cleanup.Token);
        }
        catch (Exception e) when (e is PermanentException or TransientException or OperationCanceledException)
        {
            // The reason that is thrown on matters more. What stays held is given back by recovery, and the key is free in a minute.
        }
    }

    private ExecutionDescription Failed(RequestedExecution execution, Exception reason) => new()
    {
        Id = execution.Id,
        Machine = execution.Machine,
        Name = execution.Id.Value,
        Status = ExecutionStatus.Failed,
        StartedAt = parts.Time.GetUtcNow(),
        Input = execution.Input,
        Error = reason.GetType().Name,
        Cause = reason.Message,
    };

    private async Task<ApiResponse> ReplayAsync(RequestRecord record, Route route, CancellationToken cancellationToken)
    {
        foreach (RequestedExecution execution in record.Executions ?? [])
        {
            if (await parts.Executions.DescribeAsync(execution.Id, cancellationToken) is null)
            {
                await parts.Executions.StartAsync(execution.Id, Encoding.UTF8.GetBytes(execution.Input), cancellationToken);
            }
        }

        ReadOnlyMemory<byte> body = await ShowAsync(record.Location, route, cancellationToken)
            ?? Encoding.UTF8.GetBytes(record.Body?.GetRawText() ?? "{}");
        return new ApiResponse(record.Status!.Value, ApiResponse.Json, body, record.Location).With(ReplayedHeader, "true");
    }

    /// <summary>The resource as it stands now; null where it is gone, or is shown in another shape than the answer has.</summary>
    private async Task<ReadOnlyMemory<byte>?> ShowAsync(string? location, Route route, CancellationToken cancellationToken)
    {
        string[] path = location?.Split('/')[1..] ?? [];
        Route? describe = routesOn(parts).FirstOrDefault(r => r.Method == "GET" && r.Matches(path));
        if (describe?.Answer?.Type is not { } type || type.Type != route.Answer?.Type?.Type)
        {
            return null;
        }

        try
        {
            ApiRequest request = new(describe.ValuesIn(path), new Dictionary<string, string>(), default);
            return (await describe.HandleAsync(request, cancellationToken)).Body;
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    private static bool IsHeldBy(RequestRecord record, RequestRecord mine) => record.Holder == mine.Holder;
}
