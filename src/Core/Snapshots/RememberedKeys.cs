namespace CacheBackup.Core.Snapshots;

/// <summary>
/// The keys that a scan has taken, by 128-bit hashes, so that none is written twice: a server repeats keys while it resizes its tables. The bill:
/// at most <see cref="BytesPerKey"/> bytes a key, and 1/<see cref="Parts"/> of it twice while a part grows. Not thread-safe.
/// </summary>
public sealed class RememberedKeys
{
    /// <summary>16 bytes for the hash, and the free places that keep the search short.</summary>
    public const int BytesPerKey = 24;

    private const int Parts = 256;
    private const int SmallestPart = 32;

    // A part is between 5/6 of this and this full: 16 bytes / 0.708 are under 24.
    private const double MostFilled = 0.85;
    private const double Growth = 1.2;

    private readonly Part[] _parts = new Part[Parts];
    private bool _hasZero;

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
    public long AllocatedBytes => _parts.Sum(part => 16L * part.Places);

    /// <summary>False if the key was added before.</summary>
    public bool TryAdd(UInt128 hash)
    {
        bool isNew = hash == UInt128.Zero ? !_hasZero : _parts[(int)(ulong)(hash >> 120)].TryAdd(hash);
        _hasZero |= hash == UInt128.Zero;
        Count += isNew ? 1 : 0;
        return isNew;
    }

    /// <summary>Hashes with the same first byte, with linear probing; zero marks a free place.</summary>
    private sealed class Part(int places)
    {
        private UInt128[] _places = new UInt128[places];
        private int _count;

        public int Places => _places.Length;

        public bool TryAdd(UInt128 hash)
        {
            if (_count + 1 > _places.Length * MostFilled)
            {
                Grow();
            }

            int place = Find(hash);
            if (_places[place] == hash)
            {
                return false;
            }

            _places[place] = hash;
            _count++;
            return true;
        }

        /// <summary>Where the hash is, or the free place where it belongs.</summary>
        private int Find(UInt128 hash)
        {
            int place = (int)Math.BigMul((ulong)hash, (ulong)_places.Length, out _);
            while (_places[place] != UInt128.Zero && _places[place] != hash)
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
                    _places[Find(hash)] = hash;
                }
            }
        }
    }
}
