using System.Text.Json;

namespace CacheBackup.Core.Operations;

/// <summary>How values read in messages: as they do in the catalog.</summary>
internal static class Text
{
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
