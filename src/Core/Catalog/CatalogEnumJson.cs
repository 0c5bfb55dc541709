using System.Text.Json;
using System.Text.Json.Serialization;

namespace CacheBackup.Core.Catalog;

/// <summary>Writes an enum as lower-case words with hyphens: <c>restore-failed</c>. Numbers are not read.</summary>
public sealed class CatalogEnumJson<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where TEnum : struct, Enum;
