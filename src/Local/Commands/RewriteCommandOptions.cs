using System.CommandLine;
using System.Globalization;
using System.Text;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Rewrites;

namespace CacheBackup.Local.Commands;

/// <summary>What all commands that write files anew can be told.</summary>
internal sealed class RewriteCommandOptions
{
    private readonly Option<string?> _version = new("--rdb-version")
    {
        Description = "The version to write, 6 to 12 or 80, such as 10 for Redis OSS 7.0. Default: that of the newest file.",
        HelpName = "number",
    };

    private readonly Option<bool> _dropModuleData = new("--drop-module-data") { Description = "Leave out what modules keep outside of keys. Without it such files are refused." };

    public Option<bool> Force { get; } = new("--force") { Description = "Replace the file if it exists, once the new one is whole." };

    public Option<bool> Json { get; } = new("--json") { Description = "Write JSON." };

    public void AddTo(Command command)
    {
        command.Options.Add(_version);
        command.Options.Add(_dropModuleData);
        command.Options.Add(Force);
        command.Options.Add(Json);
    }

    public RewriteOptions Of(IEntryRoute route, ParseResult parsed) => new()
    {
        Route = route,
        Version = parsed.GetValue(_version) is { } text ? VersionOf(text) : null,
        DropModuleData = parsed.GetValue(_dropModuleData),
    };

    /// <summary><c>10</c>, <c>80</c>, <c>REDIS0010</c> or <c>VALKEY080</c>.</summary>
    private static RdbVersion VersionOf(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            text = new RdbVersion(number >= RdbVersion.OldestValkey ? RdbMagic.Valkey : RdbMagic.Redis, number).ToString();
        }

        return RdbVersion.TryParse(Encoding.UTF8.GetBytes(text), out RdbVersion version) && RdbWriter.IsWritten(version)
            ? version
            : throw new BadUsageException("--rdb-version is 6 to 12 for the family of Redis, or 80 for Valkey 9.");
    }
}
