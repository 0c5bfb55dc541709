using System.CommandLine;
using System.Text.Json;
using CacheBackup.Local.Client;

namespace CacheBackup.Local.Commands.Service;

/// <summary><c>cache-backup backups</c>: the backups of a service.</summary>
internal static class BackupsCommand
{
    private const string Root = "backups";

    public static Command Create(ToolContext context) => ServiceCommand.Group(
        Root,
        "Backups of a service: take, look at, copy, export, verify, tag and delete them.",
        [
            List(context), Show(context), Make(context), Delete(context), Copy(context), Export(context), Verify(context), BackupTagCommand.Create(context),
        ],
        "cache-backup backups create before-migration --cache shop --wait",
        "cache-backup backups list --cache shop",
        "cache-backup restore before-migration --into shop-copy --wait");

    private static ToolCommand List(ToolContext context)
    {
        Option<string?> cache = Filter("--cache", "Only the backups of this cache.", "cache");
        Option<string?> kind = Filter("--kind", "Only this kind: automatic, manual, final, copy, imported.", "kind");
        Option<string?> status = Filter("--status", "Only those that are shown with this status, such as available.", "status");
        Option<string?> engine = Filter("--engine", "Only those of this engine: valkey, redis, memcached.", "engine");
        Option<string?> tag = Filter("--tag", "Only those with this tag.", "key[=value]");
        Option<int?> limit = ServiceCommand.Limit();
        return ServiceCommand.Create(
            context,
            "list",
            "Lists backups, newest first.",
            [cache, kind, status, engine, tag, limit],
            async (session, parsed, cancellationToken) =>
            {
                string[]? pair = parsed.GetValue(tag)?.Split('=', 2);
                ServiceCall call = new("GET", Root)
                {
                    Query =
                    [
                        ("cache", parsed.GetValue(cache)), ("kind", parsed.GetValue(kind)), ("status", parsed.GetValue(status)),
                        ("engine", parsed.GetValue(engine)), ("tag", pair?[0]), ("tagValue", pair?.ElementAtOrDefault(1)),
                    ],
                };
                session.Show(await session.ListAsync(call, Root, parsed.GetValue(limit), cancellationToken), ServiceTables.Backups);
            },
            "cache-backup backups list --cache shop --status available",
            "cache-backup backups list --tag environment=prod --json");
    }

    private static ToolCommand Show(ToolContext context)
    {
        Argument<string> name = Name();
        return ServiceCommand.Create(
            context,
            "show",
            "Shows everything that is known of a backup.",
            [name],
            async (session, parsed, cancellationToken) =>
                session.Show(await session.Api.SendAsync(At("GET", parsed.GetRequiredValue(name)), cancellationToken)));
    }

    private static ToolCommand Make(ToolContext context)
    {
        Argument<string> name = new("name") { Description = "The backup's name: 1 to 40 letters, digits and hyphens, a letter first." };
        Option<string> cache = new("--cache") { Description = "The cache to back up.", HelpName = "cache", Required = true };
        Option<string[]> tags = TagOption.Create("--tag", "A tag of the backup. Default: those of the cache.");
        Option<bool> wait = ServiceCommand.Wait();
        return ServiceCommand.Create(
            context,
            "create",
            "Takes a backup of a cache.",
            [name, cache, tags, wait],
            async (session, parsed, cancellationToken) =>
            {
                ServiceCall call = new("POST", Root)
                {
                    Body = RequestBody.Of(("name", parsed.GetRequiredValue(name)), ("cache", parsed.GetRequiredValue(cache)), ("tags", TagOption.Read(parsed, tags))),
                };
                await RunAsync(session, call, "Backing up", parsed.GetRequiredValue(name), parsed.GetValue(wait), cancellationToken);
            },
            "cache-backup backups create before-migration --cache shop --tag purpose=migration --wait");
    }

    private static ToolCommand Delete(ToolContext context)
    {
        Argument<string> name = Name();
        Option<bool> wait = ServiceCommand.Wait();
        return ServiceCommand.Create(
            context,
            "delete",
            "Deletes a backup and its data. Deleted backups cannot be recovered.",
            [name, wait],
            async (session, parsed, cancellationToken) =>
            {
                string which = parsed.GetRequiredValue(name);
                JsonElement answer = await session.Api.SendAsync(At("DELETE", which), cancellationToken);
                if (parsed.GetValue(wait))
                {
                    await session.Watch.RecordAsync(new ServiceJob("Deleting", At("GET", which), null), cancellationToken);
                    session.Say($"{which} is deleted.");
                    return;
                }

                session.Show(answer);
            },
            "cache-backup backups delete before-migration --wait");
    }

    private static ToolCommand Copy(ToolContext context)
    {
        Argument<string> name = Name();
        Argument<string> copy = new("new-name") { Description = "The copy's name." };
        Option<string?> location = new("--to") { Description = "One of the places that the service is configured to copy to. Default: beside the original.", HelpName = "place" };
        Option<string[]> tags = TagOption.Create("--tag", "A tag of the copy. Default: those of the original.");
        Option<bool> wait = ServiceCommand.Wait();
        return ServiceCommand.Create(
            context,
            "copy",
            "Copies a backup to a new name.",
            [name, copy, location, tags, wait],
            async (session, parsed, cancellationToken) =>
            {
                ServiceCall call = At("POST", parsed.GetRequiredValue(name), "copy") with
                {
                    Body = RequestBody.Of(("name", parsed.GetRequiredValue(copy)), ("location", parsed.GetValue(location)), ("tags", TagOption.Read(parsed, tags))),
                };
                await RunAsync(session, call, "Copying", parsed.GetRequiredValue(copy), parsed.GetValue(wait), cancellationToken);
            },
            "cache-backup backups copy nightly nightly-for-tests --wait");
    }

    private static ToolCommand Export(ToolContext context)
    {
        Argument<string> name = Name();
        Option<string> bucket = new("--to") { Description = "Where the .rdb files go, one of the places that the service may export to.", HelpName = "place", Required = true };
        Option<string?> target = new("--as") { Description = "What the files are called before -0001.rdb. Default: the backup's name.", HelpName = "name" };
        Option<bool> wait = ServiceCommand.Wait();
        return ServiceCommand.Create(
            context,
            "export",
            "Writes a backup as plain .rdb files, one for each shard, into a bucket or directory.",
            [name, bucket, target, wait],
            async (session, parsed, cancellationToken) =>
            {
                ServiceCall call = At("POST", parsed.GetRequiredValue(name), "export") with
                {
                    Body = RequestBody.Of(("location", parsed.GetRequiredValue(bucket)), ("name", parsed.GetValue(target) ?? parsed.GetRequiredValue(name))),
                };
                await RunExecutionAsync(session, call, "Exporting", parsed.GetValue(wait), cancellationToken);
            },
            "cache-backup backups export nightly --to s3://my-bucket/exports --wait");
    }

    private static ToolCommand Verify(ToolContext context)
    {
        Argument<string> name = Name();
        Option<bool> wait = ServiceCommand.Wait();
        return ServiceCommand.Create(
            context,
            "verify",
            "Reads every stored byte of a backup back and compares it with its digests.",
            [name, wait],
            async (session, parsed, cancellationToken) =>
                await RunExecutionAsync(session, At("POST", parsed.GetRequiredValue(name), "verify"), "Verifying", parsed.GetValue(wait), cancellationToken),
            "cache-backup backups verify nightly --wait");
    }

    /// <summary>Starts a job that makes a backup.</summary>
    private static async Task RunAsync(
        ServiceSession session, ServiceCall call, string activity, string made, bool isWaitedFor, CancellationToken cancellationToken)
    {
        JsonElement answer = await session.Api.SendAsync(call, cancellationToken);
        session.Show(isWaitedFor ? await session.Watch.RecordAsync(new ServiceJob(activity, At("GET", made), "available"), cancellationToken) : answer);
    }

    /// <summary>Starts a job whose end is that of its execution, and then shows what became of the backup.</summary>
    private static async Task RunExecutionAsync(
        ServiceSession session, ServiceCall call, string activity, bool isWaitedFor, CancellationToken cancellationToken)
    {
        JsonElement answer = await session.Api.SendAsync(call, cancellationToken);
        if (isWaitedFor && JobWatch.ExecutionOf(answer) is { } execution)
        {
            await session.Watch.ExecutionAsync(activity, execution, cancellationToken);
            answer = await session.Api.SendAsync(At("GET", call.Path[1]), cancellationToken);
        }

        session.Show(answer);
    }

    private static Argument<string> Name() => new("name") { Description = "The backup." };

    private static Option<string?> Filter(string name, string description, string help) => new(name) { Description = description, HelpName = help };

    private static ServiceCall At(string method, params string[] path) => new(method, [Root, .. path]);
}
