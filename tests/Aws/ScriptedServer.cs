using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CacheBackup.Aws.Tests;

/// <summary>
/// An HTTP server that gives planned answers in order, the last one again and again, and keeps the requests: answers that moto
/// does not give, and connections that break.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ScriptedAnswer[] _answers;
    private readonly List<ScriptedRequest> _requests = [];
    private readonly Task _serving;

    public ScriptedServer(params ScriptedAnswer[] answers)
    {
        _answers = answers;
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Endpoint => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public IReadOnlyList<ScriptedRequest> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        while (!_stop.IsCancellationRequested)
        {
            TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
            connections.Add(AnswerAsync(client));
        }
    }

    /// <summary>One request a connection: nothing is left over from a broken one.</summary>
    private async Task AnswerAsync(TcpClient client)
    {
        using TcpClient connection = client;
        NetworkStream stream = connection.GetStream();
        ScriptedRequest? request = await ScriptedRequest.ReadAsync(stream, _stop.Token);
        if (request is null)
        {
            return;
        }

        ScriptedAnswer answer;
        lock (_requests)
        {
            answer = _answers[Math.Min(_requests.Count, _answers.Length - 1)];
            _requests.Add(request);
        }

        if (answer.Status == 0)
        {
            connection.Client.LingerState = new LingerOption(true, 0);
            return;
        }

        await stream.WriteAsync(Encoding.Latin1.GetBytes(answer.Head()), _stop.Token);
        if (request.Method != "HEAD")
        {
            await stream.WriteAsync(answer.Body, _stop.Token);
        }

        await stream.FlushAsync(_stop.Token);
        if (answer.Stalls)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
        }
    }
}
