using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace CacheBackup.Core.Rdb;

/// <summary>
/// 128 bits that stand for a key in its database, under a secret of one scan, or of this process: SipHash-2-4-128. Who may choose the keys but does not know the
/// secret cannot make two of them meet, and from the hash nobody learns a key.
/// </summary>
public sealed class KeyHash
{
    public const int SecretBytes = 16;

    private readonly ulong _first;
    private readonly ulong _second;

    /// <summary>With a secret of its own.</summary>
    public KeyHash()
        : this(RandomNumberGenerator.GetBytes(SecretBytes))
    {
    }

    /// <param name="secret">16 bytes.</param>
    public KeyHash(ReadOnlySpan<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, SecretBytes);
        _first = BinaryPrimitives.ReadUInt64LittleEndian(secret);
        _second = BinaryPrimitives.ReadUInt64LittleEndian(secret[8..]);
    }

    /// <summary>For another process that is to know the same hashes. Whoever has it can make keys meet.</summary>
    public byte[] Secret
    {
        get
        {
            byte[] secret = new byte[SecretBytes];
            BinaryPrimitives.WriteUInt64LittleEndian(secret, _first);
            BinaryPrimitives.WriteUInt64LittleEndian(secret.AsSpan(8), _second);
            return secret;
        }
    }

    public UInt128 Of(int database, ReadOnlySpan<byte> key)
    {
        var state = new State(_first, _second);
        state.Add((ulong)database);
        return state.Finish(key, sizeof(ulong) + key.Length);
    }

    /// <summary>The plain function.</summary>
    internal UInt128 OfText(ReadOnlySpan<byte> text) => new State(_first, _second).Finish(text, text.Length);

    private ref struct State
    {
        private ulong _v0;
        private ulong _v1;
        private ulong _v2;
        private ulong _v3;

        public State(ulong first, ulong second)
        {
            // The function's own constants; the last one marks the form with 128 bits.
            _v0 = first ^ 0x736f6d6570736575;
            _v1 = second ^ 0x646f72616e646f6d ^ 0xee;
            _v2 = first ^ 0x6c7967656e657261;
            _v3 = second ^ 0x7465646279746573;
        }

        public void Add(ulong block)
        {
            _v3 ^= block;
            Mix(2);
            _v0 ^= block;
        }

        public UInt128 Finish(ReadOnlySpan<byte> rest, long totalBytes)
        {
            while (rest.Length >= sizeof(ulong))
            {
                Add(BinaryPrimitives.ReadUInt64LittleEndian(rest));
                rest = rest[sizeof(ulong)..];
            }

            ulong last = (ulong)totalBytes << 56;
            for (int i = 0; i < rest.Length; i++)
            {
                last |= (ulong)rest[i] << (8 * i);
            }

            Add(last);
            _v2 ^= 0xee;
            Mix(4);
            ulong low = _v0 ^ _v1 ^ _v2 ^ _v3;
            _v1 ^= 0xdd;
            Mix(4);
            return new UInt128(_v0 ^ _v1 ^ _v2 ^ _v3, low);
        }

        private void Mix(int rounds)
        {
            for (; rounds > 0; rounds--)
            {
                _v0 += _v1;
                _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
                _v0 = BitOperations.RotateLeft(_v0, 32);
                _v2 += _v3;
                _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
                _v0 += _v3;
                _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
                _v2 += _v1;
                _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
                _v2 = BitOperations.RotateLeft(_v2, 32);
            }
        }
    }
}
