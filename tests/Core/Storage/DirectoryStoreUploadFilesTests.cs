using CacheBackup.Core.Storage;
using CacheBackup.Core.Storage.Files;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Storage;
using Microsoft.Win32.SafeHandles;

namespace CacheBackup.Core.Tests.Storage;

/// <summary>Room on the disk, and how an upload's file becomes the object.</summary>
public sealed class DirectoryStoreUploadFilesTests : IDisposable
{
    private const int PartBytes = StoreLimits.MinPartBytes;
    private static readonly ObjectKey Key = new("data/one/shard-0.rdb");

    private readonly TemporaryDirectory _directory = new();
    private long _freeBytes = long.MaxValue / 2;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Full_disk_is_told_before_anything_is_written()
    {
        DirectoryObjectStore store = Open(new DirectoryStoreOptions { ReserveBytes = 1_000_000 });
        await store.PutTextAsync(Key, "there");
        UploadId upload = await store.BeginUploadAsync(Key, default);
        string[] before = Entries();

        _freeBytes = PartBytes;
        await Assert.ThrowsAsync<StoreFullException>(() => store.UploadPartAsync(Key, upload, 1, new byte[PartBytes], default));
        // The reserve is for what says that the disk is full.
        await store.PutTextAsync(Key, "still goes");
        _freeBytes = 100;
        var full = await Assert.ThrowsAsync<StoreFullException>(() => store.PutTextAsync(Key, "does not"));

        Assert.Contains(_directory.Path, full.Message, StringComparison.Ordinal);
        Assert.Equal("still goes", await store.ReadTextAsync(Key));
        Assert.Equal(before, Entries());
        Assert.Equal(0, new FileInfo(Path.Combine(_directory.Path, "~store", "uploads", upload.Value, "data")).Length);
    }

    [Fact]
    public void Disk_that_fills_up_while_it_is_written_is_full()
    {
        Requires.That(File.Exists("/dev/full"), "This system has no /dev/full");
        using var device = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite);

        var failure = Assert.Throws<IOException>(() => RandomAccess.Write(device, new byte[10], 0));

        Assert.IsType<StoreFullException>(StoreErrors.Translate(failure, "/store"));
    }

    [Fact]
    public void File_that_may_not_grow_further_is_a_full_store_and_a_mistake_of_ours_is_not()
    {
        var failure = Assert.ThrowsAny<ArgumentException>(() =>
        {
            using SafeFileHandle file = File.OpenHandle(Path.Combine(_directory.Path, "sparse"), FileMode.CreateNew, FileAccess.Write);
            RandomAccess.SetLength(file, long.MaxValue);
        });

        Assert.IsType<StoreFullException>(StoreErrors.Translate(failure, "/store"));
        Assert.Null(StoreErrors.Translate(new ArgumentOutOfRangeException("count", 3, "too much"), "/store"));
    }

    [Theory]
    [InlineData(30, typeof(StoreAccessDeniedException))] // EROFS
    [InlineData(28, typeof(StoreFullException))] // ENOSPC
    [InlineData(5, typeof(StoreUnavailableException))] // EIO
    public void Error_of_the_file_system_is_understood(int errno, Type expected) =>
        Assert.IsType(expected, StoreErrors.Translate(new IOException("failed", errno), "/store"));

    [Fact]
    public async Task Parts_in_order_become_the_object_without_a_copy()
    {
        DirectoryObjectStore store = Open();
        UploadId upload = await store.BeginUploadAsync(Key, default);
        byte[][] contents = [.. Enumerable.Range(1, 3).Select(i => StoreBytes.Random(PartBytes, seed: i))];
        // Numbers with gaps, begun in order and at the same time, and one at the end that is not listed.
        UploadedPart[] parts = await Task.WhenAll(contents.Select((content, i) => store.UploadPartAsync(Key, upload, 1 + (i * 100), content, default)));
        await store.UploadPartAsync(Key, upload, 5_000, new byte[PartBytes], default);
        using var data = File.OpenHandle(
            Path.Combine(_directory.Path, "~store", "uploads", upload.Value, "data"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

        // There is no room for a copy any more, and none is needed.
        _freeBytes = 0;
        await store.CompleteUploadAsync(Key, upload, parts, WriteCondition.Absent, default);

        Assert.Equal(contents.SelectMany(content => content).ToArray(), (await store.ReadAsync(Key)).Bytes);
        // The upload's file is the object's: what is written into the one is read from the other.
        RandomAccess.Write(data, [1, 2, 3], 0);
        Assert.Equal([1, 2, 3], (await store.ReadAsync(Key, new ByteRange(0, 3))).Bytes);
    }

    [Fact]
    public async Task Parts_out_of_order_are_copied_if_there_is_room()
    {
        DirectoryObjectStore store = Open(new DirectoryStoreOptions { ReserveBytes = 0 });
        UploadId upload = await store.BeginUploadAsync(Key, default);
        byte[] first = StoreBytes.Random(PartBytes + 100, seed: 1);
        byte[] second = StoreBytes.Random(300, seed: 2);
        UploadedPart two = await store.UploadPartAsync(Key, upload, 2, second, default);
        UploadedPart one = await store.UploadPartAsync(Key, upload, 1, first, default);

        _freeBytes = PartBytes;
        await Assert.ThrowsAsync<StoreFullException>(() => store.CompleteUploadAsync(Key, upload, [one, two], WriteCondition.Absent, default));
        Assert.Null(await store.HeadAsync(Key, default));
        Assert.Equal(upload, Assert.Single(await store.UploadsAsync()).Id);

        _freeBytes = 100L * PartBytes;
        ObjectTag tag = await store.CompleteUploadAsync(Key, upload, [one, two], WriteCondition.Absent, default);

        byte[] expected = [.. first, .. second];
        StoredBytes read = await store.ReadAsync(Key);
        Assert.Equal(expected, read.Bytes);
        Assert.Equal(tag, read.Tag);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_directory.Path, "~store", "temporary")));
    }

    [Fact]
    public async Task Failed_part_in_between_only_costs_a_copy()
    {
        DirectoryObjectStore store = Open();
        var faulty = new FaultyObjectStore(store, [new StoreFault(StoreOperation.UploadPart, 2, StoreFaultKind.AcknowledgementLost)]);
        byte[] content = StoreBytes.Random((3 * PartBytes) + 5, seed: 1);
        var options = new SegmentUploaderOptions { PartSizeBytes = PartBytes, RetryDelay = TimeSpan.Zero };
        await using SegmentUploader uploader =
            await SegmentUploader.BeginAsync(faulty, Key, options, TimeProvider.System, new Random(1), default);

        await uploader.AppendAsync(content, default);
        await uploader.CompleteAsync(WriteCondition.Absent, default);

        Assert.Equal(content, (await store.ReadAsync(Key)).Bytes);
    }

    [Fact]
    public async Task Uploader_makes_the_object_without_a_copy()
    {
        DirectoryObjectStore store = Open();
        byte[] content = StoreBytes.Random((7 * PartBytes) + 5, seed: 1);
        var options = new SegmentUploaderOptions { PartSizeBytes = PartBytes };
        await using SegmentUploader uploader =
            await SegmentUploader.BeginAsync(store, Key, options, TimeProvider.System, new Random(1), default);
        await uploader.AppendAsync(content, default);

        // Room for the last part alone.
        _freeBytes = new DirectoryStoreOptions().ReserveBytes + (2 * PartBytes);
        await uploader.CompleteAsync(WriteCondition.Absent, default);

        Assert.Equal(content, (await store.ReadAsync(Key)).Bytes);
    }

    [Fact]
    public async Task Completion_waits_for_a_part_that_is_being_written()
    {
        DirectoryObjectStore store = Open(new DirectoryStoreOptions { LockTimeout = TimeSpan.FromMilliseconds(300) });
        UploadId upload = await store.BeginUploadAsync(Key, default);
        UploadedPart part = await store.UploadPartAsync(Key, upload, 1, new byte[10], default);
        string hold = Path.Combine(_directory.Path, "~store", "uploads", upload.Value, "hold");
        using (FileLock.TryAcquire(hold, exclusive: false))
        {
            // A late writer of another process that never ends.
            await Assert.ThrowsAsync<StoreUnavailableException>(
                () => store.CompleteUploadAsync(Key, upload, [part], WriteCondition.None, default));
            Assert.Null(await store.HeadAsync(Key, default));
        }

        await store.CompleteUploadAsync(Key, upload, [part], WriteCondition.None, default);
        Assert.Equal(10, (await store.HeadAsync(Key, default))!.LengthBytes);
    }

    [Fact]
    public async Task Another_process_can_go_on_with_an_upload()
    {
        DirectoryObjectStore first = Open();
        UploadId upload = await first.BeginUploadAsync(Key, default);
        byte[] one = StoreBytes.Random(PartBytes, seed: 1);
        UploadedPart partOne = await first.UploadPartAsync(Key, upload, 1, one, default);

        DirectoryObjectStore second = Open();
        Assert.Equal(upload, Assert.Single(await second.UploadsAsync()).Id);
        UploadedPart partTwo = await second.UploadPartAsync(Key, upload, 2, new byte[] { 9 }, default);
        await second.CompleteUploadAsync(Key, upload, [partOne, partTwo], WriteCondition.Absent, default);

        byte[] expected = [.. one, 9];
        Assert.Equal(expected, (await first.ReadAsync(Key)).Bytes);
    }

    private string[] Entries() =>
        [.. Directory.EnumerateFileSystemEntries(_directory.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private DirectoryObjectStore Open(DirectoryStoreOptions? options = null) =>
        DirectoryObjectStore.Open(
            _directory.Path, TimeProvider.System, (options ?? new DirectoryStoreOptions()) with { FreeBytes = _ => _freeBytes });
}
