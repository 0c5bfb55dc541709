using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace CacheBackup.Local.Tests.StateMachines.Support;

/// <summary>A loopback HTTP listener that answers each POST of JSON with JSON.</summary>
internal sealed class AnswerListener : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    public AnswerListener(Func<JsonElement, string> answer)
    {
        Url = $"http://127.0.0.1:{FreePort()}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _serving = ServeAsync(answer);
    }

    public string Url { get; }

    public void Dispose()
    {
        _listener.Stop();
        _ = _serving;
        _listener.Close();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task ServeAsync(Func<JsonElement, string> answer)
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var document = await JsonDocument.ParseAsync(context.Request.InputStream);
            byte[] body = Encoding.UTF8.GetBytes(answer(document.RootElement));
            await context.Response.OutputStream.WriteAsync(body);
            context.Response.Close();
        }
    }
}
