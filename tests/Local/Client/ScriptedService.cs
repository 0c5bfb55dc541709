using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CacheBackup.Local.Client;

/// <summary>A service that answers what a test says, one answer after the other, and keeps what it was asked.</summary>
internal sealed class ScriptedService : HttpMessageHandler
{
    private readonly Queue<Func<HttpResponseMessage>> _answers = new();

    /// <summary>The environment of the tool; a token is in it.</summary>
    public Dictionary<string, string> Variables { get; } = new() { ["CACHE_BACKUP_TOKEN"] = "the-token" };

    /// <summary><c>POST /backups {"name":"nightly"}</c>, with the address's host left out.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>The idempotency key of each call; null where it had none.</summary>
    public List<string?> Keys { get; } = [];

    public List<string?> Authorizations { get; } = [];

    public ScriptedService Answers(int status, string body)
    {
        _answers.Enqueue(() => new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
        return this;
    }

    public ScriptedService AnswersProblem(int status, string code, string detail) =>
        Answers(status, $$"""{"type":"about:blank","title":"t","status":{{status}},"code":"{{code}}","detail":"{{detail}}"}""");

    public ScriptedService IsNotThere()
    {
        _answers.Enqueue(() => throw new HttpRequestException("Connection refused"));
        return this;
    }

    /// <summary>As .NET tells of a service that hangs up while the connection is being made.</summary>
    public ScriptedService HangsUp()
    {
        _answers.Enqueue(() => throw new SocketException((int)SocketError.NotConnected));
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string body = request.Content is null ? string.Empty : " " + await request.Content.ReadAsStringAsync(cancellationToken);
        Calls.Add($"{request.Method} {request.RequestUri!.PathAndQuery}{body}");
        Keys.Add(request.Headers.TryGetValues("Idempotency-Key", out IEnumerable<string>? keys) ? keys.Single() : null);
        Authorizations.Add(request.Headers.Authorization?.ToString());
        return _answers.Count > 0 ? _answers.Dequeue()() : throw new InvalidOperationException($"No answer is left for {Calls[^1]}.");
    }
}
