using System.Runtime.InteropServices;

namespace CacheBackup.Core.Rewrites;

/// <summary>
/// Remembers one small record for each key of a file, or of several, and gives them back so that records of one key stand side by side.
/// Records are parted by their keys' hashes; each part is sorted only when it is asked for.
/// </summary>
/// <remarks>
/// Memory, with records of n bytes: up to <see cref="KeyedRecordsOptions.MemoryBytes"/>, 256 blocks of 512 n bytes, eight bytes for every 512
/// records, and while they are read 1/256 of all records. Beyond the budget, n bytes a key lie in one temporary file, which goes when this does,
/// and when the process ends. Not for use by two threads at once.
/// </remarks>
internal sealed class KeyedRecords<T>(KeyedRecordsOptions options) : IDisposable
    where T : unmanaged, IKeyedRecord
{
    public const int Parts = 256;
    private const int BlockRecords = 512;

    private readonly Part[] _parts = [.. Enumerable.Range(0, Parts).Select(_ => new Part())];
    private FileStream? _file;
    private long _fileRecords;
    private long _heldBlocks;

    private static int RecordBytes => Marshal.SizeOf<T>();

    public long Count { get; private set; }

    /// <summary>True once the budget did not suffice.</summary>
    public bool IsOnDisk => _file is not null;

    /// <exception cref="IOException">There is no room for the temporary file.</exception>
    public void Add(in T record)
    {
        Part part = _parts[(int)(byte)(record.Key >> 120)];
        part.Block[part.BlockCount++] = record;
        Count++;
        if (part.BlockCount < BlockRecords)
        {
            return;
        }

        if (_file is not null)
        {
            WriteOut(part, part.Block);
            part.BlockCount = 0;
            return;
        }

        part.Held.Add(part.Block);
        part.Block = new T[BlockRecords];
        part.BlockCount = 0;
        _heldBlocks++;
        if (_heldBlocks * BlockRecords * RecordBytes > options.MemoryBytes)
        {
            Spill();
        }
    }

    /// <summary>The records of one part by their keys' hashes; those of one key in the order in which they were added. The part is forgotten.</summary>
    /// <param name="part">0 to 255.</param>
    public ReadOnlySpan<T> TakeSorted(int part)
    {
        Part taken = _parts[part];
        var all = new T[((taken.Held.Count + taken.Written.Count) * BlockRecords) + taken.BlockCount];
        int count = 0;
        foreach (long record in taken.Written)
        {
            ReadBack(record, all.AsSpan(count, BlockRecords));
            count += BlockRecords;
        }

        foreach (T[] block in taken.Held)
        {
            block.CopyTo(all, count);
            count += BlockRecords;
        }

        taken.Block.AsSpan(0, taken.BlockCount).CopyTo(all.AsSpan(count));
        _parts[part] = new Part();

        // A sort that keeps the order of equals: the place it was added at decides between them.
        int[] places = [.. Enumerable.Range(0, all.Length)];
        UInt128[] keys = Array.ConvertAll(all, record => record.Key);
        places.AsSpan().Sort((a, b) => keys[a].CompareTo(keys[b]) is var order and not 0 ? order : a.CompareTo(b));
        return Array.ConvertAll(places, place => all[place]);
    }

    public void Dispose() => _file?.Dispose();

    private void Spill()
    {
        FileStreamOptions file = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
        {
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _file = new FileStream(Path.Combine(options.Directory, $"cache-backup-{Path.GetRandomFileName()}"), file);
        foreach (Part part in _parts)
        {
            foreach (T[] block in part.Held)
            {
                WriteOut(part, block);
            }

            part.Held = [];
        }
    }

    private void WriteOut(Part part, T[] block)
    {
        RandomAccess.Write(_file!.SafeFileHandle, MemoryMarshal.AsBytes(block.AsSpan()), _fileRecords * RecordBytes);
        part.Written.Add(_fileRecords);
        _fileRecords += BlockRecords;
    }

    private void ReadBack(long record, Span<T> into)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(into);
        for (int done = 0; done < bytes.Length;)
        {
            int read = RandomAccess.Read(_file!.SafeFileHandle, bytes[done..], (record * RecordBytes) + done);
            done += read > 0 ? read : throw new EndOfStreamException("A temporary file is shorter than what was written to it.");
        }
    }

    private sealed class Part
    {
        public T[] Block { get; set; } = new T[BlockRecords];

        public int BlockCount { get; set; }

        public List<T[]> Held { get; set; } = [];

        /// <summary>Numbers of the first records of the blocks in the file.</summary>
        public List<long> Written { get; } = [];
    }
}
