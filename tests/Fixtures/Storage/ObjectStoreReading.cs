using System.Text;
using CacheBackup.Core.Storage;
using Xunit;

namespace CacheBackup.Fixtures.Storage;

/// <summary>Short words for what tests do with a store.</summary>
public static class ObjectStoreReading
{
    public static Task<ObjectTag> PutTextAsync(this IObjectStore store, ObjectKey key, string text, WriteCondition condition = default) =>
        store.PutAsync(key, Encoding.UTF8.GetBytes(text), condition, TestContext.Current.CancellationToken);

    public static async Task<StoredBytes> ReadAsync(this IObjectStore store, ObjectKey key, ByteRange? range = null)
    {
        await using ObjectContent content = await store.GetAsync(key, range, TestContext.Current.CancellationToken);
        byte[] bytes = await StoreBytes.ReadAllAsync(content.Stream);
        Assert.Equal(content.LengthBytes, bytes.Length);
        return new StoredBytes(bytes, content.Tag, content.ObjectLengthBytes);
    }

    public static async Task<string> ReadTextAsync(this IObjectStore store, ObjectKey key) =>
        Encoding.UTF8.GetString((await store.ReadAsync(key)).Bytes);

    public static async Task<List<ObjectSummary>> ListAsync(this IObjectStore store, string prefix = "", string? startAfter = null)
    {
        var listed = new List<ObjectSummary>();
        await foreach (ObjectSummary summary in store.ListAsync(prefix, startAfter, TestContext.Current.CancellationToken))
        {
            listed.Add(summary);
        }

        return listed;
    }

    public static async Task<List<OpenUpload>> UploadsAsync(this IObjectStore store, string prefix = "")
    {
        var open = new List<OpenUpload>();
        await foreach (OpenUpload upload in store.ListUploadsAsync(prefix, TestContext.Current.CancellationToken))
        {
            open.Add(upload);
        }

        return open;
    }
}
