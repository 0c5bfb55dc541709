using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace CacheBackup.Core.Model;

/// <summary>A snapshot of ElastiCache's own. Serverless caches and self-designed ones have theirs in two name spaces.</summary>
/// <param name="Name">Lower case, by ElastiCache's rules, at most 40 characters.</param>
/// <param name="Serverless">Of a serverless cache.</param>
public sealed record NativeSnapshotId(string Name, bool Serverless)
{
    private const int StemLength = 11;
    private const int HashBytes = 4;

    /// <summary>
    /// What the file names of an export begin with that is named by us. ElastiCache itself names those of serverless snapshots.
    /// </summary>
    [JsonIgnore]
    public string ExportName => ExchangeKeys.NativeExports + Name;

    /// <summary>
    /// The one name for a generation of a backup: a repeated request meets its own snapshot. It shows how the backup's name begins; a hash
    /// of the whole name keeps two apart that were begun in the same hundredth of a second.
    /// </summary>
    public static NativeSnapshotId Of(BackupName backup, long generation, bool serverless)
    {
        StringBuilder stem = new();
        foreach (char c in backup.Value)
        {
            bool hyphen = !char.IsAsciiLetterOrDigit(c);
            if (!(hyphen && stem[^1] == '-'))
            {
                stem.Append(hyphen ? '-' : c);
            }
        }

        string begin = stem.ToString()[..Math.Min(stem.Length, StemLength)].TrimEnd('-');
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(backup.Value)).AsSpan(0, HashBytes));
        return new NativeSnapshotId(string.Create(CultureInfo.InvariantCulture, $"{begin}-{hash}-{generation}"), serverless);
    }

    public override string ToString() => Serverless ? $"serverless snapshot {Name}" : $"snapshot {Name}";
}
