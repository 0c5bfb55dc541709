using CacheBackup.Core.Rdb;

namespace CacheBackup.Caches;

/// <summary>Digests a DUMP payload that is too large to be held: value and footer, without the type byte that stands before them.</summary>
internal sealed class PayloadDigester
{
    private readonly ValueDigester _value = new(new ValueDecoderOptions { DuplicateCheckElements = 0 });
    private readonly byte[] _footerBytes = new byte[RdbFooter.SizeBytes];
    private readonly bool _isValkeyType;
    private RdbFooter _footer;
    private long _valueRemaining;
    private int _footerFilled;

    public PayloadDigester(RdbType type, long payloadBytes)
    {
        // The magic is known only at the end, and one number has two meanings: Redis itself gives the one that is not Valkey's no more.
        _isValkeyType = type == RdbType.HashWithFieldExpiry;
        _value.Begin(_isValkeyType ? RdbMagic.Valkey : RdbMagic.Redis, type);
        _footer = new RdbFooter(type);
        _valueRemaining = payloadBytes - RdbFooter.OverheadBytes;
    }

    public void Append(ReadOnlySpan<byte> fragment)
    {
        int count = (int)Math.Min(fragment.Length, _valueRemaining);
        _footer.Update(fragment[..count]);
        _value.Append(fragment[..count]);
        _valueRemaining -= count;
        fragment[count..].CopyTo(_footerBytes.AsSpan(_footerFilled));
        _footerFilled += fragment.Length - count;
    }

    /// <exception cref="RdbFormatException">The value is no good value, or its checksum is wrong.</exception>
    public ValueDigest Complete()
    {
        if (!_footer.TryCheck(_footerBytes, out int version) || (_isValkeyType && version < RdbVersion.OldestValkey))
        {
            throw new RdbFormatException(RdbError.ChecksumMismatch, 0, "A payload's checksum is not that of its bytes");
        }

        return _value.Complete();
    }
}
