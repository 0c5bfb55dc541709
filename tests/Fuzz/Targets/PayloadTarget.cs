using System.Buffers;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Fuzz.Targets;

/// <summary>A DUMP payload: taken apart with and without its checksum, its value decoded, and put together again.</summary>
internal static class PayloadTarget
{
    public static void Run(byte[] input)
    {
        Promise.ErrorOf(input.Length, () => RdbPayload.Read(input));
        if (Promise.ErrorOf(input.Length, () => RdbPayload.ReadUnchecked(input)) is not null)
        {
            return;
        }

        var payload = RdbPayload.ReadUnchecked(input);
        byte[] value = payload.Value.ToArray();
        ValueTarget.Judge(payload.Type, payload.Version.Magic, value);

        var buffer = new ArrayBufferWriter<byte>();
        RdbPayload.Write(payload.Type, value, payload.Version.Number, buffer);
        var again = RdbPayload.Read(buffer.WrittenSpan);
        bool isSame = again.Type == payload.Type && again.Version == payload.Version && again.Value.SequenceEqual(value);
        Promise.Keep(isSame, "Put together again it is another payload");
    }
}
