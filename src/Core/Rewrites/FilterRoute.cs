using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Rewrites;

/// <summary>One file of the entries that fit every condition.</summary>
public sealed class FilterRoute : IEntryRoute
{
    private readonly EntryTest _test;
    private readonly ExpiryCondition _expiry;
    private readonly long? _expiresByMilliseconds;
    private readonly long? _expiredAtMilliseconds;

    /// <param name="selection">Null: any key.</param>
    /// <param name="expiresBefore">Take only keys that expire before this instant; null: at any time.</param>
    /// <param name="expiredAt">Leave out keys whose time has come at this instant, as a server would; null: keep them.</param>
    /// <exception cref="InvalidRequestException">A condition is not one that can be met.</exception>
    public FilterRoute(EntrySelection? selection, ExpiryCondition expiry, DateTimeOffset? expiresBefore, DateTimeOffset? expiredAt)
    {
        if (expiry == ExpiryCondition.WithoutExpiry && expiresBefore is not null)
        {
            throw new InvalidRequestException("Keys without an expiry do not expire before any time: ask for one or the other.");
        }

        _test = selection?.ToEntryTest() ?? ((_, _, _) => true);
        _expiry = expiry;
        _expiresByMilliseconds = expiresBefore?.ToUnixTimeMilliseconds();
        _expiredAtMilliseconds = expiredAt?.ToUnixTimeMilliseconds();
    }

    public int Outputs => 1;

    public bool KeepsSlots => false;

    public int? Of(in RdbEntryStart entry, ReadOnlySpan<byte> key) =>
        FitsExpiry(entry.ExpireAtMilliseconds) && _test(entry.Database, entry.Type, key) ? 0 : null;

    public int? OfSlot(int slot) => null;

    private bool FitsExpiry(long? expireAtMilliseconds) => expireAtMilliseconds is { } expiry
        ? _expiry != ExpiryCondition.WithoutExpiry && !(expiry >= _expiresByMilliseconds) && !(expiry <= _expiredAtMilliseconds)
        : _expiry != ExpiryCondition.WithExpiry && _expiresByMilliseconds is null;
}
