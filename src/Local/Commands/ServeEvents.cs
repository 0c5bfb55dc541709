using System.CommandLine;
using CacheBackup.Core.Model;
using CacheBackup.Local.Events;

namespace CacheBackup.Local.Commands;

/// <summary>The options of <c>serve</c> that say who is told of events.</summary>
internal sealed class ServeEvents
{
    private const string SecretVariable = "CACHE_BACKUP_WEBHOOK_SECRET";

    private readonly Option<string?> _command = new("--on-event")
    {
        Description = "A program to run for each event, which it gets as a line of JSON on its input. No shell: spaces part arguments, quotes hold them together.",
        HelpName = "command",
    };

    private readonly Option<string?> _webhook = new("--webhook")
    {
        Description = $"An address that each event is posted to as JSON, signed with the secret in {SecretVariable}, if set.",
        HelpName = "url",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_command);
        command.Options.Add(_webhook);
    }

    /// <exception cref="BadUsageException">The command or the address is none.</exception>
    public EventTargets Read(ParseResult parsed, ToolContext context) => new()
    {
        Command = parsed.GetValue(_command) is { } command ? CommandOf(command) : null,
        Webhook = parsed.GetValue(_webhook) is { } url ? UrlOf(url) : null,
        WebhookSecret = context.ReadVariable(SecretVariable) is { Length: > 0 } secret ? new Secret<string>(secret) : null,
    };

    private static IReadOnlyList<string> CommandOf(string text)
    {
        try
        {
            return CommandLineText.Split(text);
        }
        catch (InvalidRequestException e)
        {
            throw new BadUsageException($"--on-event: {e.Message}", e);
        }
    }

    private static Uri UrlOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is ("http" or "https") && url.UserInfo.Length == 0
            ? url
            : throw new BadUsageException("--webhook is an address such as https://hooks.example.com/cache-backup, without user or password.");
}
