using System.Buffers.Binary;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>
/// The checksums of a file with two changed bytes, of which one is the version's last. A checksum is linear: what a change does to it does
/// not depend on other changes. So those of all single changes, each computed by itself, give those of all pairs.
/// </summary>
internal sealed class PairedChecksums
{
    private const int FooterBytes = 8;
    private const int VersionDigit = RdbVersion.HeaderBytes - 1;

    private readonly byte[] _body;
    private readonly ulong _stated;
    private readonly ulong _good;

    /// <summary>By place and change, what the change does to the checksum.</summary>
    private readonly ulong[] _effects;

    public PairedChecksums(byte[] file)
    {
        _body = file[..^FooterBytes];
        _stated = BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(_body.Length));
        _good = CrcRedis64.Compute(0, _body);
        _effects = new ulong[_body.Length * 256];
        for (int at = 0; at < _body.Length; at++)
        {
            byte value = _body[at];
            for (int change = 1; change < 256; change++)
            {
                _body[at] = (byte)(value ^ change);
                _effects[(at * 256) + change] = CrcRedis64.Compute(0, _body) ^ _good;
            }

            _body[at] = value;
        }
    }

    /// <summary>How many second changes leave a file that states the checksum of its bytes.</summary>
    public int Undetected(int versionChange)
    {
        int undetected = 0;
        ulong first = _effects[(VersionDigit * 256) + versionChange];
        for (int at = RdbVersion.HeaderBytes; at < _body.Length; at++)
        {
            for (int change = 1; change < 256; change++)
            {
                undetected += (_good ^ first ^ _effects[(at * 256) + change]) == _stated ? 1 : 0;
            }
        }

        // A change of the stated checksum is one byte; that of the version changes more of them.
        for (int at = 0; at < FooterBytes; at++)
        {
            for (ulong change = 1; change < 256; change++)
            {
                undetected += (_good ^ first) == (_stated ^ (change << (8 * at))) ? 1 : 0;
            }
        }

        RequireLinear(versionChange);
        return undetected;
    }

    /// <summary>That the sums are right, by computing one pair outright.</summary>
    private void RequireLinear(int versionChange)
    {
        int at = RdbVersion.HeaderBytes + (versionChange % (_body.Length - RdbVersion.HeaderBytes));
        byte[] both = [.. _body];
        both[VersionDigit] ^= (byte)versionChange;
        both[at] ^= (byte)versionChange;
        Assert.Equal(
            CrcRedis64.Compute(0, both),
            _good ^ _effects[(VersionDigit * 256) + versionChange] ^ _effects[(at * 256) + versionChange]);
    }
}
