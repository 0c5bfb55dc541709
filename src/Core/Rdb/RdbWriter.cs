using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace CacheBackup.Core.Rdb;

/// <summary>
/// Writes an RDB file of one version, <c>REDIS0006</c> to <c>REDIS0012</c> or <c>VALKEY080</c>, from values as they are stored. Everything goes
/// straight into the output, which the caller empties as often as it likes; nothing is kept. (RDB; server source: rdbSaveRio,
/// rdbSaveKeyValuePair.)
/// </summary>
/// <remarks>
/// Hints that the version has no opcode for (auxiliary fields and sizes before 7, idle time and frequency before 9, slots before
/// <c>REDIS0012</c>) are left out: a server does without them. Data that it has no form for are refused. Values are not looked into, and that a key
/// comes once is the caller's care. Not for use by two threads at once.
/// </remarks>
public sealed class RdbWriter
{
    // Five opcodes with their longest operands, a type and the length of a key.
    private const int HeadBytes = 64;
    private const int FirstWithFields = 7;
    private const int FirstWithAccess = 9;
    private const int FirstWithFunctions = 10;
    private const int FirstWithSlots = 12;

    private readonly IBufferWriter<byte> _output;
    private readonly RdbVersion _version;
    private CrcRedis64 _crc;
    private int? _database;
    private State _state;
    private long _valueBytes;

    /// <summary>Writes the header.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a version that is written: see <see cref="IsWritten"/>.</exception>
    public RdbWriter(RdbVersion version, IBufferWriter<byte> output)
    {
        if (!IsWritten(version))
        {
            throw new ArgumentOutOfRangeException(nameof(version), version, "Files are written as REDIS0006 to REDIS0012 and VALKEY080");
        }

        _version = version;
        _output = output;
        Write(Encoding.ASCII.GetBytes(version.ToString()));
    }

    /// <summary>Goes on where another writer was: nothing is written yet.</summary>
    public RdbWriter(RdbWriterPosition position, IBufferWriter<byte> output)
    {
        (_version, _output, _crc, _database) = (position.Version, output, new CrcRedis64(position.Crc64), position.Database);
        (SizeBytes, Keys) = (position.SizeBytes, position.Keys);
    }

    private enum State
    {
        Items,
        Value,
        Complete,
    }

    /// <summary>Bytes written so far.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>Entries that are whole.</summary>
    public long Keys { get; private set; }

    /// <summary>The CRC-64 of what has been written; after <see cref="Complete"/> the one that the file states.</summary>
    public ulong Crc64 => _crc.Value;

    /// <summary>The database that was selected last; null: none yet.</summary>
    public int? Database => _database;

    /// <summary>What another writer needs to go on from here: between two entries.</summary>
    public RdbWriterPosition Position
    {
        get
        {
            Require(State.Items);
            return new RdbWriterPosition(_version, SizeBytes, Keys, Crc64, Database);
        }
    }

    /// <summary>Whether files of this version are written here.</summary>
    public static bool IsWritten(RdbVersion version) => version.Magic == RdbMagic.Valkey
        ? version.Number == RdbVersion.OldestValkey
        : version.Number is >= RdbRestoreVersion.Oldest and <= RdbVersion.NewestRedis;

    /// <summary>The version to write for what a file of <paramref name="version"/> holds: its own, or the nearest that is written here.</summary>
    public static RdbVersion Nearest(RdbVersion version) => version.Magic == RdbMagic.Valkey
        ? new RdbVersion(RdbMagic.Valkey, RdbVersion.OldestValkey)
        : version with { Number = Math.Clamp(version.Number, RdbRestoreVersion.Oldest, RdbVersion.NewestRedis) };

    /// <summary>
    /// Whether a file of <paramref name="version"/> can hold a value of this type; <paramref name="magic"/> says what the type's number means
    /// where the value comes from.
    /// </summary>
    public static bool Knows(RdbVersion version, RdbMagic magic, RdbType type)
    {
        // Up to here Valkey's numbers are those of Redis; what came later each family has for itself.
        const int NewestShared = 11;
        if (ValueShape.Of(type, magic) is null)
        {
            return false;
        }

        int lowest = RdbRestoreVersion.LowestFor(type, magic);
        return version.Magic == RdbMagic.Valkey
            ? lowest is <= NewestShared or RdbVersion.OldestValkey
            : lowest <= version.Number;
    }

    /// <summary>A name and a value about the file.</summary>
    public void WriteAuxiliary(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Require(State.Items);
        if (Has(FirstWithFields))
        {
            WriteOpcode(RdbOpcode.Auxiliary);
            WriteText(name);
            WriteText(value);
        }
    }

    /// <summary>A function library: its source code.</summary>
    /// <exception cref="NotInRdbVersionException">The version has no functions.</exception>
    public void WriteFunction(ReadOnlySpan<byte> librarySource)
    {
        Require(State.Items);
        if (!Has(FirstWithFunctions))
        {
            throw new NotInRdbVersionException(
                _version, null, $"A file of {_version} has no function libraries. Write REDIS0010 or later, or leave functions out.");
        }

        WriteOpcode(RdbOpcode.Function);
        WriteText(librarySource);
    }

    /// <summary>Selects a database and tells how many keys it will have: with that a server makes room once.</summary>
    public void WriteResize(int database, long keys, long expiringKeys)
    {
        Require(State.Items);
        Select(database);
        if (Has(FirstWithFields))
        {
            WriteOpcode(RdbOpcode.ResizeDatabase);
            WriteNumber(keys);
            WriteNumber(expiringKeys);
        }
    }

    /// <summary>Tells how many keys a cluster slot will have.</summary>
    public void WriteSlotInfo(int database, long slot, long keys, long expiringKeys)
    {
        Require(State.Items);
        if (Has(FirstWithSlots))
        {
            Select(database);
            WriteOpcode(RdbOpcode.SlotInfo);
            WriteNumber(slot);
            WriteNumber(keys);
            WriteNumber(expiringKeys);
        }
    }

    /// <summary>Begins an entry; its value follows by <see cref="WriteValue"/>, then <see cref="EndEntry"/>.</summary>
    /// <exception cref="NotInRdbVersionException">The version does not know the value's type.</exception>
    public void BeginEntry(in RdbEntryHead entry, ReadOnlySpan<byte> key)
    {
        Require(State.Items);
        ArgumentOutOfRangeException.ThrowIfNegative(entry.Database);
        if (!Knows(_version, entry.Magic, entry.Type))
        {
            throw new NotInRdbVersionException(
                _version,
                entry.Type,
                string.Create(CultureInfo.InvariantCulture, $"A file of {_version} has no values of type {(int)entry.Type} ({entry.Type}) of {entry.Magic}."));
        }

        Select(entry.Database);
        Span<byte> head = stackalloc byte[HeadBytes];
        int length = WriteAttributes(head, entry);
        head[length++] = (byte)entry.Type;
        length += RdbLength.Write(head[length..], (ulong)key.Length);
        Write(head[..length]);
        Write(key);
        _state = State.Value;
        _valueBytes = 0;
    }

    /// <summary>The next bytes of the value, as they stand in an RDB file: without the type byte and without a payload's footer.</summary>
    public void WriteValue(ReadOnlySpan<byte> fragment)
    {
        Require(State.Value);
        Write(fragment);
        _valueBytes += fragment.Length;
    }

    /// <summary>The value has come whole.</summary>
    public void EndEntry()
    {
        Require(State.Value);
        if (_valueBytes == 0)
        {
            throw new InvalidOperationException("An entry has no value: no type is stored in no bytes");
        }

        _state = State.Items;
        Keys++;
    }

    /// <summary>An entry from a DUMP payload: its footer is checked and left out.</summary>
    /// <param name="entry">Its magic and type are not looked at: the payload has its own.</param>
    /// <exception cref="RdbFormatException">The payload is too short, or its checksum is wrong.</exception>
    /// <exception cref="NotInRdbVersionException">The version does not know the value's type.</exception>
    public void WritePayload(in RdbEntryHead entry, ReadOnlySpan<byte> key, ReadOnlySpan<byte> payload)
    {
        RdbPayload parts = RdbPayload.Read(payload);
        BeginEntry(entry with { Magic = parts.Version.Magic, Type = parts.Type }, key);
        WriteValue(parts.Value);
        EndEntry();
    }

    /// <summary>Writes the end opcode and the checksum.</summary>
    public void Complete()
    {
        Require(State.Items);
        _state = State.Complete;
        WriteOpcode(RdbOpcode.End);
        BinaryPrimitives.WriteUInt64LittleEndian(_output.GetSpan(sizeof(ulong)), _crc.Value);
        _output.Advance(sizeof(ulong));
        SizeBytes += sizeof(ulong);
    }

    private bool Has(int firstVersion) => _version.Magic == RdbMagic.Valkey || _version.Number >= firstVersion;

    private void Require(State state)
    {
        if (_state != state)
        {
            throw new InvalidOperationException(_state switch
            {
                State.Value => "An entry has begun and must be ended first",
                State.Items => "No entry has begun",
                _ => "The file is complete",
            });
        }
    }

    private int WriteAttributes(Span<byte> head, in RdbEntryHead entry)
    {
        int length = 0;
        if (entry.ExpireAtMilliseconds is { } expiry)
        {
            head[length++] = (byte)RdbOpcode.ExpireMilliseconds;
            BinaryPrimitives.WriteInt64LittleEndian(head[length..], expiry);
            length += sizeof(long);
        }

        if (entry.IdleSeconds is { } idle and >= 0 && Has(FirstWithAccess))
        {
            head[length++] = (byte)RdbOpcode.Idle;
            length += RdbLength.Write(head[length..], (ulong)idle);
        }

        if (entry.Frequency is { } frequency && Has(FirstWithAccess))
        {
            head[length++] = (byte)RdbOpcode.Frequency;
            head[length++] = frequency;
        }

        return length;
    }

    private void Select(int database)
    {
        if (_database != database)
        {
            _database = database;
            WriteOpcode(RdbOpcode.SelectDatabase);
            WriteNumber(database);
        }
    }

    private void WriteText(ReadOnlySpan<byte> text)
    {
        WriteNumber(text.Length);
        Write(text);
    }

    private void WriteOpcode(RdbOpcode opcode) => Write([(byte)opcode]);

    private void WriteNumber(long number)
    {
        Span<byte> bytes = stackalloc byte[RdbLength.MaxBytes];
        Write(bytes[..RdbLength.Write(bytes, (ulong)number)]);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _crc.Update(bytes);
        _output.Write(bytes);
        SizeBytes += bytes.Length;
    }
}
