using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures;

namespace CacheBackup.Local.Events;

public sealed class EventListenersTests : IDisposable
{
    private const HttpStatusCode HangsUp = 0;
    private readonly TemporaryDirectory _directory = new();
    private readonly ConcurrentQueue<string> _log = new();

    private string FilePath => Path.Combine(_directory.Path, "told");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Events_are_told_in_their_order_and_all_before_the_end()
    {
        RecordingListener listener = new();
        EventQueue queue = new(listener, TimeProvider.System, _log.Enqueue);
        string[] sent = [.. Enumerable.Range(0, 50).Select(n => $"event {n}")];
        foreach (string message in sent)
        {
            await queue.SendAsync(Told(message), default);
        }

        await queue.DisposeAsync();

        Assert.Equal(sent, listener.Told.Select(json => JsonDocument.Parse(json).RootElement.GetProperty("message").GetString()!));
        Assert.All(listener.Told, json => Assert.DoesNotContain('\n', json));
        Assert.Empty(_log);
    }

    [Fact]
    public async Task A_listener_that_hangs_blocks_nobody_and_what_it_misses_is_counted()
    {
        TaskCompletionSource gate = new();
        RecordingListener listener = new() { Before = _ => gate.Task };
        EventQueue queue = new(listener, TimeProvider.System, _log.Enqueue);
        await queue.SendAsync(Told("first"), default);
        await UntilAsync(() => listener.Begun == 1);
        foreach (int n in Enumerable.Range(0, EventQueue.Capacity + 7))
        {
            Assert.True(queue.SendAsync(Told($"event {n}"), default).IsCompletedSuccessfully);
        }

        gate.SetResult();
        await queue.DisposeAsync();

        Assert.Equal(EventQueue.Capacity + 1, listener.Told.Count);
        Assert.Single(_log, line => line.Contains("slower than events come", StringComparison.Ordinal));
        Assert.Single(_log, line => line.Contains("not told of 7 event(s)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_listener_that_fails_is_logged_and_told_of_the_next()
    {
        int calls = 0;
        RecordingListener listener = new()
        {
            Before = _ => ++calls switch
            {
                1 => throw new EventNotDeliveredException("it is away."),
                2 => throw new InvalidOperationException("nobody foresaw this"),
                _ => Task.CompletedTask,
            },
        };
        EventQueue queue = new(listener, TimeProvider.System, _log.Enqueue);
        foreach (string message in (string[])["a", "b", "c"])
        {
            await queue.SendAsync(Told(message), default);
        }

        await queue.DisposeAsync();

        Assert.Contains("\"c\"", Assert.Single(listener.Told), StringComparison.Ordinal);
        Assert.Equal(2, _log.Count);
        Assert.Contains(_log, line => line.Contains("it is away.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_end_waits_a_while_for_a_listener_and_no_longer()
    {
        RecordingListener listener = new() { Before = token => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token) };
        EventQueue queue = new(listener, HurriedTime.Instance, _log.Enqueue);
        await queue.SendAsync(Told("first"), default);
        await queue.SendAsync(Told("second"), default);
        await UntilAsync(() => listener.Begun == 1);
        await queue.DisposeAsync();
        Assert.Empty(listener.Told);
        Assert.Contains("was not told of the last 1 event(s)", Assert.Single(_log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_gets_the_event_on_its_input()
    {
        CommandListener listener = new(["/usr/bin/tee", "-a", FilePath], TimeProvider.System);
        await listener.DeliverAsync("""{"a":1}"""u8.ToArray(), default);
        await listener.DeliverAsync("""{"a":2}"""u8.ToArray(), default);
        Assert.Equal("{\"a\":1}\n{\"a\":2}\n", await File.ReadAllTextAsync(FilePath));
    }

    [Theory]
    [InlineData("/bin/false", "status 1")]
    [InlineData("/nowhere/tell", "could not be started")]
    public async Task A_command_that_fails_is_said_to(string command, string reason)
    {
        EventNotDeliveredException failure = await Assert.ThrowsAsync<EventNotDeliveredException>(
            () => new CommandListener([command], TimeProvider.System).DeliverAsync("{}"u8.ToArray(), default));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_does_not_read_its_input_is_no_failure() =>
        await new CommandListener(["/bin/true"], TimeProvider.System).DeliverAsync(new byte[300_000], default);

    [Fact]
    public async Task A_command_that_does_not_end_is_killed()
    {
        EventNotDeliveredException failure = await Assert.ThrowsAsync<EventNotDeliveredException>(
            () => new CommandListener(["/bin/sleep", "600"], HurriedTime.Instance).DeliverAsync("{}"u8.ToArray(), default));
        Assert.Contains("was killed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_hook_gets_the_event_signed()
    {
        Hook hook = new(HttpStatusCode.NoContent);
        using WebhookListener listener = Listener(hook, "shared");
        await listener.DeliverAsync("""{"a":1}"""u8.ToArray(), default);
        byte[] expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes("shared"), """{"a":1}"""u8);
        Assert.Equal(("""{"a":1}""", "application/json", $"sha256={Convert.ToHexStringLower(expected)}"), Assert.Single(hook.Posts));
    }

    [Fact]
    public async Task A_web_hook_without_a_secret_is_not_signed()
    {
        Hook hook = new(HttpStatusCode.OK);
        using WebhookListener listener = Listener(hook, null);
        await listener.DeliverAsync("{}"u8.ToArray(), default);
        Assert.Null(Assert.Single(hook.Posts).Signature);
    }

    [Fact]
    public async Task A_web_hook_that_hangs_up_is_told_at_the_next_try()
    {
        Hook hook = new(HangsUp, HttpStatusCode.OK);
        using WebhookListener listener = Listener(hook, null);
        await listener.DeliverAsync("{}"u8.ToArray(), default);
        Assert.Equal(2, hook.Posts.Count);
    }

    [Fact]
    public async Task A_web_hook_that_fails_twice_is_told_at_the_third_try()
    {
        Hook hook = new(HttpStatusCode.BadGateway, null, HttpStatusCode.OK);
        using WebhookListener listener = Listener(hook, null);
        await listener.DeliverAsync("{}"u8.ToArray(), default);
        Assert.Equal(3, hook.Posts.Count);
    }

    [Fact]
    public async Task A_web_hook_is_tried_three_times_and_its_path_never_named()
    {
        Hook hook = new(HttpStatusCode.BadGateway, HttpStatusCode.BadGateway, HttpStatusCode.Found, HttpStatusCode.OK);
        using WebhookListener listener = Listener(hook, null);
        EventNotDeliveredException failure = await Assert.ThrowsAsync<EventNotDeliveredException>(() => listener.DeliverAsync("{}"u8.ToArray(), default));
        Assert.Equal("It answered 302. It was tried 3 times.", failure.Message);
        Assert.Equal(3, hook.Posts.Count);
        Assert.DoesNotContain("secret-path", listener.Name, StringComparison.Ordinal);
    }

    private static WebhookListener Listener(Hook hook, string? secret) => new(
        new Uri("https://hooks.example.com/secret-path"), secret is null ? null : new Secret<string>(secret), hook, HurriedTime.Instance);

    private static BackupEvent Told(string message) => BackupEvent.Of(
        EventCode.BackupAvailable, DateTimeOffset.UnixEpoch, message, CacheName.Parse("shop"), BackupName.Parse("nightly"), null, message);

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (!isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
        }
    }

    private sealed class RecordingListener : IEventListener
    {
        private int _begun;

        public string Name => "The test";

        public ConcurrentQueue<string> Told { get; } = new();

        public int Begun => _begun;

        public Func<CancellationToken, Task> Before { get; init; } = _ => Task.CompletedTask;

        public async Task DeliverAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _begun);
            await Before(cancellationToken);
            Told.Enqueue(Encoding.UTF8.GetString(json.Span));
        }
    }

    /// <summary>Answers with these statuses; null: the connection breaks; <see cref="HangsUp"/>: as it is made.</summary>
    private sealed class Hook(params HttpStatusCode?[] statuses) : HttpMessageHandler
    {
        public List<(string Body, string? ContentType, string? Signature)> Posts { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string? signature = request.Headers.TryGetValues(WebhookListener.SignatureHeader, out IEnumerable<string>? values) ? values.Single() : null;
            Posts.Add((await request.Content!.ReadAsStringAsync(cancellationToken), request.Content.Headers.ContentType?.ToString(), signature));
            return statuses[Posts.Count - 1] switch
            {
                null => throw new HttpRequestException("reset"),
                HangsUp => throw new SocketException((int)SocketError.NotConnected),
                { } status => new HttpResponseMessage(status),
            };
        }
    }
}
