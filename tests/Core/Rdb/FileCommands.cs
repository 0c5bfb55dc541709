using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>The commands that fill an empty server with what a file holds: element by element, as decoded here.</summary>
internal sealed class FileCommands : RdbHandler
{
    private readonly List<RespArgument[]> _commands = [];
    private readonly ElementCommands _elements;
    private readonly ValueDecoder _decoder;
    private RdbMagic _magic;
    private byte[] _key = [];
    private long? _expiry;
    private int _database;

    private FileCommands()
    {
        _elements = new ElementCommands(_commands);
        _decoder = new ValueDecoder(_elements);
    }

    public static List<RespArgument[]> Of(byte[] file)
    {
        var handler = new FileCommands();
        RdbReaderTests.ReadWhole(file, handler);
        return handler._commands;
    }

    public override void OnHeader(RdbVersion version) => _magic = version.Magic;

    public override void OnFunction(ReadOnlySpan<byte> librarySource, long offsetBytes) =>
        _commands.Add(["FUNCTION", "LOAD", librarySource.ToArray()]);

    public override void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key)
    {
        if (entry.Database != _database)
        {
            _database = entry.Database;
            _commands.Add(["SELECT", _database]);
        }

        _key = key.ToArray();
        _expiry = entry.ExpireAtMilliseconds;
        _elements.Begin(key);
        _decoder.Begin(_magic, entry.Type, entry.ValueOffsetBytes);
    }

    public override void OnValue(ReadOnlySpan<byte> fragment) => _decoder.Write(fragment);

    public override void OnEntryEnd(in RdbEntryEnd end)
    {
        _decoder.Complete();
        if (_expiry is { } expiry)
        {
            _commands.Add(["PEXPIREAT", _key, expiry]);
        }
    }
}
