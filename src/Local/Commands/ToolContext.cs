using CacheBackup.Local.Demo;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Commands;

/// <summary>What commands work with, besides their arguments.</summary>
internal sealed record ToolContext
{
    public required ToolConsole Console { get; init; }

    /// <summary>Reads an environment variable; null where there is none.</summary>
    public required Func<string, string?> ReadVariable { get; init; }

    /// <summary>Runs the service until it is cancelled.</summary>
    public required Func<ServeRequest, ToolContext, CancellationToken, Task<int>> ServeAsync { get; init; }

    public required Func<DemoRequest, ToolContext, CancellationToken, Task<int>> DemoAsync { get; init; }

    /// <summary>How calls to a service travel. Redirects are not followed: what authorizes a call is for one address alone.</summary>
    public Func<HttpMessageHandler> NewHandler { get; init; } = () => new SocketsHttpHandler { AllowAutoRedirect = false };

    public TimeProvider Time => Console.Time;
}
