using System.Security.Cryptography;
using CacheBackup.Core.Storage;

namespace CacheBackup.StoreWorker;

/// <summary>
/// Writes until it is killed: small objects, objects over objects, uploads in two parts, deletions. Every object begins with the
/// SHA-256 of its rest, so that a half-made one can be told. Prints each key that was acknowledged;
/// before a deletion the key with a question mark, and after it with a minus.
/// </summary>
internal static class EndlessWriter
{
    private const int HashLength = 32;

    public static async Task RunAsync(DirectoryObjectStore store, string worker)
    {
        var random = new Random(worker[^1]);
        for (int number = 0; ; number++)
        {
            var key = new ObjectKey($"{worker}/{number % 7}/{number}");
            if (number % 5 == 4)
            {
                await UploadAsync(store, key, random);
            }
            else
            {
                await store.PutAsync(key, Content(random, random.Next(HashLength, 60_000)), WriteCondition.Absent, default);
            }

            Console.Out.WriteLine(key);
            var shared = new ObjectKey($"{worker}/again");
            await store.PutAsync(shared, Content(random, random.Next(HashLength, 10_000)), WriteCondition.None, default);
            if (number % 3 == 2)
            {
                var old = new ObjectKey($"{worker}/{(number - 1) % 7}/{number - 1}");
                Console.Out.WriteLine($"?{old}");
                await store.DeleteAsync(old, default);
                Console.Out.WriteLine($"-{old}");
            }
        }
    }

    private static async Task UploadAsync(DirectoryObjectStore store, ObjectKey key, Random random)
    {
        byte[] content = Content(random, StoreLimits.MinPartBytes + random.Next(1, 100_000));
        UploadId upload = await store.BeginUploadAsync(key, default);
        UploadedPart[] parts =
        [
            await store.UploadPartAsync(key, upload, 1, content.AsMemory(0, StoreLimits.MinPartBytes), default),
            await store.UploadPartAsync(key, upload, 2, content.AsMemory(StoreLimits.MinPartBytes), default),
        ];
        await store.CompleteUploadAsync(key, upload, parts, WriteCondition.Absent, default);
    }

    private static byte[] Content(Random random, int length)
    {
        byte[] content = new byte[length];
        random.NextBytes(content.AsSpan(HashLength));
        SHA256.HashData(content.AsSpan(HashLength), content);
        return content;
    }
}
