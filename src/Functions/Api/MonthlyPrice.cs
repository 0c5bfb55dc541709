using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Api;

/// <summary>What keeping bytes costs.</summary>
internal static class MonthlyPrice
{
    private const decimal BytesInGigabyte = 1_000_000_000;
    private const int Decimals = 6;

    /// <summary>US dollars a month, to a millionth; null where the store's price is not known.</summary>
    public static decimal? Of(long bytes, ServiceParts parts) =>
        parts.StoragePricePerGigabyteMonth is { } price ? decimal.Round(bytes / BytesInGigabyte * price, Decimals) : null;
}
