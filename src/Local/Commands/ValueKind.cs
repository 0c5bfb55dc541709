using System.Text.Json;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Local.Commands;

/// <summary>What clients call a value, whatever way it is stored.</summary>
internal static class ValueKind
{
    public static string Of(RdbType type) => Of(type.Family());

    public static string Of(ValueFamily family) => family switch
    {
        ValueFamily.SortedSet => "zset",
        _ => family.ToString().ToLowerInvariant(),
    };

    /// <summary>How it is stored: <c>set-listpack</c>.</summary>
    public static string EncodingOf(RdbType type) => JsonNamingPolicy.KebabCaseLower.ConvertName(type.ToString());
}
