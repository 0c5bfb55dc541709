using System.Net;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

/// <summary>Jobs whose execution cannot be started: the caller is told, and nothing stays held.</summary>
[Trait("Category", "Server")]
public sealed class UnstartableJobTests
{
    [Fact]
    public async Task Job_that_cannot_be_started_can_be_asked_for_again_at_once()
    {
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(CacheEngine.Redis);
        RefusingExecutions? executions = null;
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(decorate: parts =>
        {
            executions = new RefusingExecutions(parts.Executions);
            return parts with { Executions = executions };
        });

        (string Method, string Path, object? Body, string Then, string Status)[] jobs =
        [
            ("POST", "/caches", new { name = "source", host = "127.0.0.1", port = server.Port }, "/caches/source", "available"),
            ("POST", "/backups", new { name = "first", cache = "source" }, "/backups/first", "available"),
            ("DELETE", "/backups/first", null, "/backups/first", "gone"),
            ("DELETE", "/caches/source", null, "/caches/source", "gone"),
        ];
        foreach ((string method, string path, object? body, string then, string status) in jobs)
        {
            executions!.IsRefusing = true;
            Answers.AssertProblem(
                await service.SendAsync(new HttpMethod(method), path, body), HttpStatusCode.ServiceUnavailable, "unavailable", "room");
            executions.IsRefusing = false;
            Assert.Equal(HttpStatusCode.Accepted, (await service.SendAsync(new HttpMethod(method), path, body)).Status);
            await service.WaitForAsync(then, status);
        }
    }

    private sealed class RefusingExecutions(IExecutions inner) : IExecutions
    {
        public bool IsRefusing { get; set; }

        public ExecutionId IdOf(string machine, string name) => inner.IdOf(machine, name);

        public bool Knows(ExecutionId id) => inner.Knows(id);

        public Task StartAsync(ExecutionId id, ReadOnlyMemory<byte> input, CancellationToken cancellationToken) => IsRefusing
            ? throw new StoreUnavailableException("There is no room for another execution.")
            : inner.StartAsync(id, input, cancellationToken);

        public Task<ExecutionDescription?> DescribeAsync(ExecutionId id, CancellationToken cancellationToken) =>
            inner.DescribeAsync(id, cancellationToken);

        public Task<IReadOnlyList<ExecutionDescription>> ListRunningAsync(string? machine, int most, CancellationToken cancellationToken) =>
            inner.ListRunningAsync(machine, most, cancellationToken);

        public Task StopAsync(ExecutionId id, string error, string cause, CancellationToken cancellationToken) =>
            inner.StopAsync(id, error, cause, cancellationToken);
    }
}
