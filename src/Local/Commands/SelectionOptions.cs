using System.CommandLine;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Local.Commands;

/// <summary>The options that choose keys of a file: by name, type and database.</summary>
internal sealed class SelectionOptions
{
    private readonly Option<string?> _match = new("--match") { Description = "Take only keys whose name fits this glob, with the rules of KEYS.", HelpName = "pattern" };
    private readonly Option<string[]> _types = new("--type")
    {
        Description = "Take only values of this type: string, list, set, zset, hash, stream, module. May be given several times.",
        HelpName = "type",
    };

    private readonly Option<int[]> _databases = new("--db") { Description = "Take only keys of this database. May be given several times.", HelpName = "number" };

    public void AddTo(Command command)
    {
        command.Options.Add(_match);
        command.Options.Add(_types);
        command.Options.Add(_databases);
    }

    /// <returns>Null where nothing is left out.</returns>
    /// <exception cref="BadUsageException">A condition is not one that can be met.</exception>
    public EntrySelection? Of(ParseResult parsed)
    {
        try
        {
            return EntrySelection.Of(parsed.GetValue(_match), parsed.GetValue(_types), parsed.GetValue(_databases));
        }
        catch (InvalidRequestException e)
        {
            throw new BadUsageException(e.Message, e);
        }
    }
}
