using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using CacheBackup.Local.Client;

namespace CacheBackup.Local.Commands.Service;

/// <summary><c>cache-backup backups tag</c>: a backup's tags.</summary>
internal static class BackupTagCommand
{
    public static Command Create(ToolContext context)
    {
        Argument<string> name = new("name") { Description = "The backup." };
        Option<string[]> set = TagOption.Create("--set", "A tag to add or change.");
        Option<string[]> remove = new("--remove") { Description = "The key of a tag to remove. May be repeated.", HelpName = "key" };
        return ServiceCommand.Create(
            context,
            "tag",
            "Adds, changes and removes tags of a backup, and shows those that it has then.",
            [name, set, remove],
            async (session, parsed, cancellationToken) =>
            {
                string[] path = ["backups", parsed.GetRequiredValue(name), "tags"];
                if (TagOption.Read(parsed, set) is JsonArray tags)
                {
                    await session.Api.SendAsync(new ServiceCall("POST", path) { Body = new JsonObject { ["tags"] = tags } }, cancellationToken);
                }

                foreach (string key in parsed.GetValue(remove) ?? [])
                {
                    await session.Api.SendAsync(new ServiceCall("DELETE", path) { Query = [("key", key)] }, cancellationToken);
                }

                JsonElement answer = await session.Api.SendAsync(new ServiceCall("GET", path), cancellationToken);
                session.Show(answer, ServiceTables.Tags);
            },
            "cache-backup backups tag nightly --set environment=prod --remove owner");
    }
}
