using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;

namespace CacheBackup.Caches.Scan;

/// <summary>What stands beside a key's value: how it is asked for on this server, and what the answers mean.</summary>
internal sealed class KeyFacts(RespConnection connection, ScanGreeting greeting)
{
    /// <summary>Whether the server keeps anything of a key's use that goes into its files.</summary>
    public bool HasAccess => greeting.Access != AccessKind.None;

    /// <summary>Servers before 7.0 tell no absolute expiry: then <see cref="WriteClock"/> stands before the keys of a transaction.</summary>
    public bool NeedsClock => !greeting.HasSevensCommands;

    public string AccessCommand => greeting.Access == AccessKind.Idle ? "OBJECT IDLETIME" : "OBJECT FREQ";

    public string ExpiryCommand => NeedsClock ? "PTTL" : "PEXPIRETIME";

    public void WriteClock() => connection.BeginCommand(1).WriteBulk("TIME"u8);

    /// <summary>To be asked before the value is: DUMP counts as a use where NO-TOUCH is not to be had.</summary>
    public void WriteAccess(ReadOnlySpan<byte> key)
    {
        var access = connection.BeginCommand(3);
        access.WriteBulk("OBJECT"u8);
        access.WriteBulk(greeting.Access == AccessKind.Idle ? "IDLETIME"u8 : "FREQ"u8);
        access.WriteBulk(key);
    }

    public void WriteExpiry(ReadOnlySpan<byte> key)
    {
        var expiry = connection.BeginCommand(2);
        expiry.WriteBulk(NeedsClock ? "PTTL"u8 : "PEXPIRETIME"u8);
        expiry.WriteBulk(key);
    }

    /// <summary>Milliseconds since 1970.</summary>
    public long ClockOf(in RespReply reply) =>
        ServerClock.TryParse(reply, out DateTimeOffset time) ? time.ToUnixTimeMilliseconds() : throw connection.Refusal("TIME", reply);

    /// <param name="access">The reply to <see cref="WriteAccess"/>; nil where it was not asked for.</param>
    /// <param name="expiry">The reply to <see cref="WriteExpiry"/>.</param>
    /// <param name="clock">Of the same transaction; 0 where it is not needed.</param>
    /// <returns>Everything but magic and type.</returns>
    public RdbEntryHead HeadOf(int database, in RespReply access, in RespReply expiry, long clock)
    {
        if (!expiry.TryGetNumber(out long milliseconds))
        {
            throw connection.Refusal(ExpiryCommand, expiry);
        }

        // A server whose eviction policy was changed meanwhile answers with an error: then nothing is known of the use.
        bool isKnown = access.TryGetNumber(out long use) && use >= 0;
        return new RdbEntryHead
        {
            Database = database,
            Magic = RdbMagic.Redis,
            Type = RdbType.String,
            ExpireAtMilliseconds = milliseconds >= 0 ? clock + milliseconds : null,
            IdleSeconds = isKnown && greeting.Access == AccessKind.Idle ? use : null,
            Frequency = isKnown && greeting.Access == AccessKind.Frequency ? (byte)Math.Min(use, byte.MaxValue) : null,
        };
    }
}
