using System.Text;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Inspections;

/// <summary>How a file is looked through.</summary>
public sealed record InspectionOptions
{
    /// <summary>The deepest prefix that can be asked for.</summary>
    public const int MaxDepth = 16;

    public static InspectionOptions Default { get; } = new();

    /// <summary>What parts of a key's name are set apart by; its UTF-8 bytes, 1 to 16. Default <c>:</c>.</summary>
    public string Separator { get; init; } = ":";

    /// <summary>How many parts make a prefix, 1 to <see cref="MaxDepth"/>: with 2, <c>user:7:name</c> counts under <c>user:7:</c>. Default 1.</summary>
    public int PrefixDepth { get; init; } = 1;

    /// <summary>
    /// How many prefixes are counted each by itself; keys of those that come later count among the others. 0 to 1,000,000, at most 200 bytes of memory
    /// each. Default 10,000.
    /// </summary>
    public int MostPrefixes { get; init; } = 10_000;

    /// <summary>How many of the biggest keys are kept, by bytes and by elements each. 0 to 10,000. Default 10.</summary>
    public int Biggest { get; init; } = 10;

    /// <exception cref="InvalidRequestException">A value is out of its range.</exception>
    public void Validate()
    {
        if (Encoding.UTF8.GetByteCount(Separator) is < 1 or > 16 || PrefixDepth is < 1 or > MaxDepth)
        {
            throw new InvalidRequestException($"A separator has 1 to 16 bytes, and a prefix 1 to {MaxDepth} parts.");
        }

        if (MostPrefixes is < 0 or > 1_000_000 || Biggest is < 0 or > 10_000)
        {
            throw new InvalidRequestException("At most 1,000,000 prefixes are counted, and at most 10,000 of the biggest keys kept.");
        }
    }
}
