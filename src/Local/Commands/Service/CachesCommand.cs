using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using CacheBackup.Local.Client;

namespace CacheBackup.Local.Commands.Service;

/// <summary><c>cache-backup caches</c>: the caches that a service knows.</summary>
internal static class CachesCommand
{
    private const string Root = "caches";

    public static Command Create(ToolContext context) => ServiceCommand.Group(
        Root,
        "Caches that a service backs up, and those that restores made.",
        [List(context), Show(context), Register(context), Modify(context), Remove(context)],
        "cache-backup caches register shop redis://127.0.0.1:6379 --wait",
        "cache-backup caches list");

    private static ToolCommand List(ToolContext context)
    {
        Option<int?> limit = ServiceCommand.Limit();
        return ServiceCommand.Create(
            context,
            "list",
            "Lists caches.",
            [limit],
            async (session, parsed, cancellationToken) =>
                session.Show(await session.ListAsync(new ServiceCall("GET", Root), Root, parsed.GetValue(limit), cancellationToken), ServiceTables.Caches));
    }

    private static ToolCommand Show(ToolContext context)
    {
        Argument<string> name = Name();
        return ServiceCommand.Create(
            context,
            "show",
            "Shows everything that is known of a cache.",
            [name],
            async (session, parsed, cancellationToken) =>
                session.Show(await session.Api.SendAsync(At("GET", parsed.GetRequiredValue(name)), cancellationToken)));
    }

    private static ToolCommand Register(ToolContext context)
    {
        Argument<string> name = new("name") { Description = "What the cache is to be called: 1 to 40 letters, digits and hyphens, a letter first." };
        Argument<string> url = new("redis-url") { Description = "redis://[user@]host:port, or memcached://[user@]host:port; rediss:// and memcacheds:// for TLS. As the service reaches it." };
        Option<string?> password = new("--password")
        {
            Description = "Where the service finds the password: env:NAME, file:/path or secret:name. Never the password itself.",
            HelpName = "reference",
        };
        Option<string?> authorities = new("--ca") { Description = "Trust these certificate authorities (PEM) instead of the system's. For rediss:// only.", HelpName = "path" };
        Option<string?> serverName = new("--server-name") { Description = "The name that the certificate must carry. For rediss:// only.", HelpName = "name" };
        Option<string?> certificate = new("--client-certificate")
        {
            Description = "Where the service finds the certificate that it shows, with its private key, as PEM: env:NAME, file:/path or secret:name.",
            HelpName = "reference",
        };
        Option<string[]> tags = TagOption.Create("--tag", "A tag of the cache, which its backups get.");
        Option<string?> method = MethodOption.Create();
        (Option<int?> retention, Option<string?> window) = Schedule();
        Option<bool> wait = ServiceCommand.Wait();
        return ServiceCommand.Create(
            context,
            "register",
            "Makes a cache of yours known to the service, which asks it what it is.",
            [name, url, password, authorities, serverName, certificate, method, tags, retention, window, wait],
            async (session, parsed, cancellationToken) =>
            {
                CacheUrl address = CacheUrl.Parse(parsed.GetRequiredValue(url));
                _ = MethodOption.Read(parsed, method);
                ServiceCall call = new("POST", Root)
                {
                    Body = RequestBody.Of(
                        ("name", parsed.GetRequiredValue(name)),
                        ("engine", address.Engine is null ? null : "memcached"),
                        ("host", address.Endpoint.Host),
                        ("port", address.Endpoint.Port),
                        ("tls", TlsOf(address, parsed.GetValue(authorities), parsed.GetValue(serverName), parsed.GetValue(certificate))),
                        ("username", address.Username),
                        ("password", parsed.GetValue(password)),
                        ("method", parsed.GetValue(method)),
                        ("tags", TagOption.Read(parsed, tags)),
                        ("automaticBackups", AutomaticBackups(parsed.GetValue(retention), parsed.GetValue(window)))),
                };
                JsonElement answer = await session.Api.SendAsync(call, cancellationToken);
                ServiceJob job = new("Probing", At("GET", parsed.GetRequiredValue(name)), "available");
                session.Show(parsed.GetValue(wait) ? await session.Watch.RecordAsync(job, cancellationToken) : answer);
            },
            "cache-backup caches register shop redis://127.0.0.1:6379 --wait",
            "cache-backup caches register sessions memcached://127.0.0.1:11211 --wait",
            "cache-backup caches register orders rediss://backup@orders.example.com:6380 --password env:ORDERS_PASSWORD --retention-days 7 --window 23:30-00:30");
    }

    private static ToolCommand Modify(ToolContext context)
    {
        Argument<string> name = Name();
        (Option<int?> retention, Option<string?> window) = Schedule();
        return ServiceCommand.Create(
            context,
            "modify",
            "Changes when automatic backups of a cache are taken and how long they are kept.",
            [name, retention, window],
            async (session, parsed, cancellationToken) =>
            {
                JsonObject change = AutomaticBackups(parsed.GetValue(retention), parsed.GetValue(window))
                    ?? throw new BadUsageException("Say what to change: --retention-days, --window.");
                ServiceCall call = At("PATCH", parsed.GetRequiredValue(name)) with { Body = RequestBody.Of(("automaticBackups", change)) };
                session.Show(await session.Api.SendAsync(call, cancellationToken));
            },
            "cache-backup caches modify shop --retention-days 14");
    }

    private static ToolCommand Remove(ToolContext context)
    {
        Argument<string> name = Name();
        Option<string?> final = new("--final-backup") { Description = "Take a last backup of this name first; the cache goes only if it is good.", HelpName = "name" };
        Option<bool> wait = ServiceCommand.Wait();
        return ServiceCommand.Create(
            context,
            "remove",
            "Removes a cache: one that a restore made is shut down and its data removed, one that you registered is forgotten. Backups stay.",
            [name, final, wait],
            async (session, parsed, cancellationToken) =>
            {
                string which = parsed.GetRequiredValue(name);
                ServiceCall call = At("DELETE", which) with { Query = [("finalBackup", parsed.GetValue(final))] };
                JsonElement answer = await session.Api.SendAsync(call, cancellationToken);
                if (parsed.GetValue(wait))
                {
                    await session.Watch.RecordAsync(new ServiceJob("Removing", At("GET", which), null), cancellationToken);
                    session.Say($"{which} is removed.");
                    return;
                }

                session.Show(answer);
            },
            "cache-backup caches remove shop-copy --wait",
            "cache-backup caches remove shop --final-backup shop-last --wait");
    }

    private static (Option<int?> Retention, Option<string?> Window) Schedule() => (
        new Option<int?>("--retention-days") { Description = "How many days automatic backups are kept, 0 to 35; 0 takes none.", HelpName = "days" },
        new Option<string?>("--window") { Description = "When automatic backups begin, in UTC, at least an hour: 23:30-00:30.", HelpName = "HH:mm-HH:mm" });

    /// <summary>Null where nothing is said of them.</summary>
    private static JsonObject? AutomaticBackups(int? retentionDays, string? window) =>
        retentionDays is null && window is null ? null : RequestBody.Of(("retentionDays", retentionDays), ("window", window));

    private static JsonObject? TlsOf(CacheUrl address, string? authorities, string? serverName, string? certificate)
    {
        if (address.IsTls)
        {
            return RequestBody.Of(("serverName", serverName), ("authoritiesPem", authorities is null ? null : File.ReadAllText(authorities)), ("clientCertificate", certificate));
        }

        return authorities is null && serverName is null && certificate is null
            ? null
            : throw new BadUsageException("--ca, --server-name and --client-certificate are about TLS, and the address says redis://. Write rediss:// for TLS.");
    }

    private static Argument<string> Name() => new("name") { Description = "The cache." };

    private static ServiceCall At(string method, string name) => new(method, [Root, name]);
}
