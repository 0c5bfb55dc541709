using System.Text.Json;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Local.Commands;

/// <summary>What clients call a value, whatever way it is stored.</summary>
internal static class ValueKind
{
    public static string Of(RdbType type) => type switch
    {
        RdbType.String => "string",
        RdbType.List or RdbType.ListZiplist or RdbType.ListQuicklist or RdbType.ListQuicklist2 => "list",
        RdbType.Set or RdbType.SetIntset or RdbType.SetListpack => "set",
        RdbType.SortedSet or RdbType.SortedSet2 or RdbType.SortedSetZiplist or RdbType.SortedSetListpack => "zset",
        RdbType.Stream or RdbType.Stream2 or RdbType.Stream3 => "stream",
        RdbType.ModulePreRelease or RdbType.Module2 => "module",
        _ => "hash",
    };

    /// <summary>How it is stored: <c>set-listpack</c>.</summary>
    public static string EncodingOf(RdbType type) => JsonNamingPolicy.KebabCaseLower.ConvertName(type.ToString());
}
