using System.CommandLine;

namespace CacheBackup.Local.Commands;

/// <summary><c>cache-backup rdb …</c>: files made of files.</summary>
internal static class RdbCommand
{
    public static Command Create(ToolContext context) =>
        new("rdb", "Makes RDB files of RDB files: several into one, one into several by slots, or a part of one.")
        {
            RdbMergeCommand.Create(context),
            RdbSplitCommand.Create(context),
            RdbFilterCommand.Create(context),
        };
}
