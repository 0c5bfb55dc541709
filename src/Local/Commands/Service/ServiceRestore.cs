using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using CacheBackup.Local.Client;

namespace CacheBackup.Local.Commands.Service;

/// <summary>The part of <c>cache-backup restore</c> that speaks to a service: <c>restore NAME --into CACHE</c>.</summary>
internal sealed class ServiceRestore
{
    private readonly Option<string?> _into = new("--into")
    {
        Description = "Restore the service's backup of that name into a new cache of this name.",
        HelpName = "cache",
    };

    private readonly Option<string?> _engine = new("--engine") { Description = "With --into: valkey or redis. Default: the backup's own.", HelpName = "engine" };
    private readonly Option<string?> _fill = new("--fill") { Description = "With --into: restore (entry by entry) or load (the server loads the file at its start).", HelpName = "way" };
    private readonly Option<string?> _endpoint = new("--endpoint")
    {
        Description = "With --into: fill this empty cache of yours, redis://… or memcached://…, as the service reaches it. Default: a server of its own.",
        HelpName = "url",
    };

    private readonly Option<string?> _password = new("--endpoint-password")
    {
        Description = "Where the service finds the endpoint's password: env:NAME, file:/path or secret:name. Never the password itself.",
        HelpName = "reference",
    };

    private readonly Option<string[]> _tags = TagOption.Create("--tag", "With --into: a tag of the new cache. Default: those of the backup.");
    private readonly Option<bool> _wait = ServiceCommand.Wait();
    private readonly ServiceOptions _service = new();

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_into, _engine, _fill, _endpoint, _password, _tags, _wait])
        {
            command.Options.Add(option);
        }

        _service.AddTo(command);
    }

    /// <summary>The restore is the service's.</summary>
    public bool IsMeant(ParseResult parsed) => parsed.GetValue(_into) is not null;

    public async Task RunAsync(
        string backup, ServiceRestoreConditions conditions, ParseResult parsed, ToolContext context, CancellationToken cancellationToken)
    {
        using ServiceSession session = new(_service.Open(parsed, context), context.Console, _service.IsJson(parsed));
        string cache = parsed.GetValue(_into)!;
        ServiceCall call = new("POST", "backups", backup, "restore")
        {
            Body = RequestBody.Of(
                ("cache", cache),
                ("engine", parsed.GetValue(_engine)),
                ("endpoint", EndpointOf(parsed)),
                ("fill", parsed.GetValue(_fill)),
                ("allowEngineChange", conditions.AllowEngineChange ? true : null),
                ("allowRefused", conditions.AllowRefused ? true : null),
                ("maxBytesPerSecond", conditions.Rate?.BytesPerSecond),
                ("maxKeysPerSecond", conditions.Rate?.KeysPerSecond),
                ("tags", TagOption.Read(parsed, _tags))),
        };
        JsonElement answer = await session.Api.SendAsync(call, cancellationToken);
        ServiceJob job = new("Restoring", new ServiceCall("GET", "caches", cache), "available");
        session.Show(parsed.GetValue(_wait) ? await session.Watch.RecordAsync(job, cancellationToken) : answer);
    }

    /// <summary>Null: none is named.</summary>
    private JsonObject? EndpointOf(ParseResult parsed)
    {
        if (parsed.GetValue(_endpoint) is not { } text)
        {
            return null;
        }

        CacheUrl url = CacheUrl.Parse(text);
        return RequestBody.Of(
            ("engine", url.Engine is null ? null : "memcached"),
            ("host", url.Endpoint.Host),
            ("port", url.Endpoint.Port),
            ("tls", url.IsTls ? new JsonObject() : null),
            ("username", url.Username),
            ("password", parsed.GetValue(_password)));
    }
}
