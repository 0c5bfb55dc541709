using System.Buffers.Binary;

namespace CacheBackup.Core.Snapshots;

/// <summary>
/// The keys that a scan has taken, by 127 bits of their hashes, so that none is written twice: a server repeats keys while it resizes its tables.
/// The 128th bit says which of them this slice of the scan has added. The bill: at most <see cref="BytesPerKey"/> bytes a key, and
/// 1/<see cref="Parts"/> of it twice while a part grows. Not thread-safe.
/// </summary>
public sealed class RememberedKeys
{
    /// <summary>16 bytes for the hash, and the free places that keep the search short.</summary>
    public const int BytesPerKey = 24;

    /// <summary>What a hash takes where it is stored.</summary>
    public const int HashBytes = 16;

    private const int Parts = 256;
    private const int PieceHashes = 4096;
    private const int SmallestPart = 32;

    // A part is between 5/6 of this and this full: 16 bytes / 0.708 are under 24.
    private const double MostFilled = 0.85;
    private const double Growth = 1.2;

    private readonly Part[] _parts = new Part[Parts];
    /// <param name="expectedKeys">Room is made for so many at once.</param>
    public RememberedKeys(long expectedKeys = 0)
    {
        int each = (int)Math.Min(Array.MaxLength, Math.Max(SmallestPart, expectedKeys / Parts / MostFilled * 1.02));
        for (int i = 0; i < Parts; i++)
        {
            _parts[i] = new Part(expectedKeys == 0 ? 0 : each);
        }
    }

    public long Count { get; private set; }

    /// <summary>What the hashes take at this moment, in bytes.</summary>
    public long AllocatedBytes => _parts.Sum(part => (long)HashBytes * part.Places);

    private static UInt128 AddedNow => UInt128.One;

    /// <summary>False if the key was added before, now or in an earlier slice.</summary>
    public bool TryAdd(UInt128 hash)
    {
        UInt128 known = KnownBy(hash);
        bool isNew = PartOf(known).TryAdd(known, AddedNow);
        Count += isNew ? 1 : 0;
        return isNew;
    }

    /// <summary>Takes a key back that was added and whose value was not taken: it is not among <see cref="ReadAdded"/>.</summary>
    public void TakeBack(UInt128 hash)
    {
        UInt128 known = KnownBy(hash);
        PartOf(known).Unmark(known);
    }

    /// <summary>Adds keys of an earlier slice.</summary>
    /// <param name="hashes">Pieces of <see cref="ReadAdded"/>: a multiple of <see cref="HashBytes"/>.</param>
    public void AddEarlier(ReadOnlySpan<byte> hashes)
    {
        for (; hashes.Length >= HashBytes; hashes = hashes[HashBytes..])
        {
            UInt128 known = KnownBy(BinaryPrimitives.ReadUInt128LittleEndian(hashes));
            Count += PartOf(known).TryAdd(known, UInt128.Zero) ? 1 : 0;
        }
    }

    /// <summary>The keys that were added and not taken back, in no order, in pieces. Each piece is overwritten by the next.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> ReadAdded()
    {
        byte[] piece = new byte[PieceHashes * HashBytes];
        int filled = 0;
        foreach (UInt128 place in _parts.SelectMany(part => part.Filled))
        {
            if ((place & AddedNow) == UInt128.Zero)
            {
                continue;
            }

            BinaryPrimitives.WriteUInt128LittleEndian(piece.AsSpan(filled), place);
            filled += HashBytes;
            if (filled == piece.Length)
            {
                yield return piece;
                filled = 0;
            }
        }

        yield return piece.AsMemory(0, filled);
    }

    // Zero marks a free place, and the lowest bit who added it.
    private static UInt128 KnownBy(UInt128 hash) => hash >> 1 == UInt128.Zero ? UInt128.One << 1 : hash & ~AddedNow;

    private Part PartOf(UInt128 known) => _parts[(int)(ulong)(known >> 120)];

    /// <summary>Hashes with the same first byte, with linear probing; zero marks a free place.</summary>
    private sealed class Part(int places)
    {
        private UInt128[] _places = new UInt128[places];
        private int _count;

        public int Places => _places.Length;

        public IEnumerable<UInt128> Filled => _places.Where(place => place != UInt128.Zero);

        public bool TryAdd(UInt128 known, UInt128 mark)
        {
            if (_count + 1 > _places.Length * MostFilled)
            {
                Grow();
            }

            int place = Find(known);
            if (_places[place] != UInt128.Zero)
            {
                return false;
            }

            _places[place] = known | mark;
            _count++;
            return true;
        }

        public void Unmark(UInt128 known) => _places[Find(known)] = known;

        /// <summary>Where the hash is, or the free place where it belongs.</summary>
        private int Find(UInt128 known)
        {
            int place = (int)Math.BigMul((ulong)known, (ulong)_places.Length, out _);
            while (_places[place] != UInt128.Zero && (_places[place] & ~AddedNow) != known)
            {
                place = place + 1 == _places.Length ? 0 : place + 1;
            }

            return place;
        }

        private void Grow()
        {
            UInt128[] old = _places;
            _places = new UInt128[Math.Max(SmallestPart, (int)(old.Length * Growth) + 1)];
            foreach (UInt128 hash in old)
            {
                if (hash != UInt128.Zero)
                {
                    _places[Find(hash & ~AddedNow)] = hash;
                }
            }
        }
    }
}
