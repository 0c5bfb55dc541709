using System.Runtime.Versioning;
using CacheBackup.Core.Storage;
using CacheBackup.Core.Storage.Files;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Storage;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Core.Tests.Storage;

/// <summary>What lies on the disk: names, modes, tags, times, and what is cleaned up.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DirectoryStoreFilesTests : IDisposable
{
    private const UnixFileMode Directory0700 = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode File0600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly ObjectKey Key = new("data/one/shard-0.rdb");

    private readonly TemporaryDirectory _directory = new();

    private string Root => _directory.Path;

    private string Hidden => Path.Combine(Root, "~store");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Object_is_a_plain_file_under_the_name_of_its_key()
    {
        DirectoryObjectStore store = Open();

        await store.PutTextAsync(Key, "content");

        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(Root, "data~", "one~", "shard-0.rdb"), default));
    }

    [Fact]
    public async Task Only_the_owner_may_read_or_enter()
    {
        string root = Path.Combine(Root, "new", "store");
        DirectoryObjectStore store = DirectoryObjectStore.Open(root, TimeProvider.System);
        await store.PutTextAsync(Key, "content");
        UploadId upload = await store.BeginUploadAsync(Key, default);
        await store.UploadPartAsync(Key, upload, 1, new byte[10], default);

        Assert.Equal(Directory0700, File.GetUnixFileMode(root));
        Assert.All(
            Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories),
            directory => Assert.Equal(Directory0700, File.GetUnixFileMode(directory)));
        Assert.All(
            Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories),
            file => Assert.Equal(File0600, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void Empty_directory_of_the_user_is_closed_to_others()
    {
        File.SetUnixFileMode(Root, Directory0700 | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        Open();

        Assert.Equal(Directory0700, File.GetUnixFileMode(Root));
    }

    [Fact]
    public void Directory_that_holds_other_things_is_left_alone()
    {
        File.WriteAllText(Path.Combine(Root, "letter.txt"), "dear");

        var refused = Assert.Throws<PermanentException>(Open);

        Assert.Contains("letter.txt", refused.Message, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFileSystemEntries(Root));
    }

    [Fact]
    public void Store_of_another_version_is_refused()
    {
        Open();
        File.WriteAllText(Path.Combine(Hidden, "format"), "2\n");

        Assert.Throws<PermanentException>(Open);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../outside")]
    [InlineData("~store/format")]
    [InlineData("a~/b")]
    [InlineData("a\0b")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a\\b")]
    [InlineData("ä")]
    public void Nothing_outside_the_objects_can_be_named(string text)
    {
        Assert.False(ObjectKey.TryParse(text, out _));
        Assert.Throws<ArgumentException>(() => new ObjectKey(text));
    }

    [Fact]
    public void Every_key_stays_under_the_root()
    {
        const string Characters = "ab./-_!*'()=,+@:";
        var random = new Random(7);
        int keys = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => Characters[random.Next(Characters.Length)])]);
            if (ObjectKey.TryParse(text, out ObjectKey key))
            {
                string file = Path.GetFullPath(KeyPaths.FileOf(Root, key));
                Assert.StartsWith(Root + Path.DirectorySeparatorChar, file, StringComparison.Ordinal);
                Assert.DoesNotContain("~store", file, StringComparison.Ordinal);
                keys++;
            }
        }

        Assert.InRange(keys, 1_000, 20_000);
    }

    [Fact]
    public async Task Foreign_files_are_no_objects()
    {
        DirectoryObjectStore store = Open();
        await store.PutTextAsync(new ObjectKey("a/b"), "");
        await File.WriteAllTextAsync(Path.Combine(Root, "a~", "b.swp~"), "", default);
        await File.WriteAllTextAsync(Path.Combine(Root, "with space"), "", default);
        Directory.CreateDirectory(Path.Combine(Root, "lost+found"));

        Assert.Equal("a/b", Assert.Single(await store.ListAsync()).Key.Value);
    }

    [Fact]
    public async Task Objects_and_uploads_are_dated_by_the_stores_clock()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
        DirectoryObjectStore store = DirectoryObjectStore.Open(Root, clock);
        UploadId upload = await store.BeginUploadAsync(Key, default);
        DateTimeOffset begun = clock.GetUtcNow();
        Assert.Equal(begun, Assert.Single(await store.UploadsAsync()).BegunAt);
        clock.Advance(TimeSpan.FromHours(30));

        UploadedPart part = await store.UploadPartAsync(Key, upload, 1, new byte[3], default);
        await store.CompleteUploadAsync(Key, upload, [part], WriteCondition.None, default);
        await store.PutTextAsync(new ObjectKey("small"), "");

        Assert.All(await store.ListAsync(), summary => Assert.Equal(begun.AddHours(30), summary.WrittenAt));
    }

    [Fact]
    public async Task Tag_is_that_of_the_content_however_it_came_there()
    {
        DirectoryObjectStore store = Open();
        ObjectTag tag = await store.PutTextAsync(Key, "content");
        string file = Path.Combine(Root, "data~", "one~", "shard-0.rdb");

        // A copy without attributes, as of a restored disk.
        byte[] bytes = await File.ReadAllBytesAsync(file, default);
        File.Delete(file);
        await File.WriteAllBytesAsync(file, bytes, default);
        Assert.Equal(tag, (await store.HeadAsync(Key, default))!.Tag);
        Assert.Equal(tag, Assert.Single(await store.ListAsync()).Tag);

        await store.PutTextAsync(Key, "changed", WriteCondition.Matches(tag));
        Assert.Equal("changed", await store.ReadTextAsync(Key));
    }

    [Fact]
    public async Task File_that_was_changed_by_hand_has_another_tag()
    {
        DirectoryObjectStore store = Open();
        ObjectTag tag = await store.PutTextAsync(Key, "content");
        string file = Path.Combine(Root, "data~", "one~", "shard-0.rdb");

        await File.WriteAllTextAsync(file, "CONTENT", default);

        Assert.NotEqual(tag, (await store.HeadAsync(Key, default))!.Tag);
        await Assert.ThrowsAsync<PreconditionFailedException>(() => store.PutTextAsync(Key, "lost", WriteCondition.Matches(tag)));
    }

    [Fact]
    public async Task Deleting_removes_empty_directories_and_only_those()
    {
        DirectoryObjectStore store = Open();
        await store.PutTextAsync(new ObjectKey("a/b/c/d"), "");
        await store.PutTextAsync(new ObjectKey("a/b/e"), "");

        await store.DeleteAsync(new ObjectKey("a/b/c/d"), default);
        Assert.False(Directory.Exists(Path.Combine(Root, "a~", "b~", "c~")));
        Assert.Equal("a/b/e", Assert.Single(await store.ListAsync()).Key.Value);

        await store.DeleteAsync(new ObjectKey("a/b/e"), default);
        Assert.Equal([Hidden], Directory.EnumerateFileSystemEntries(Root));

        await store.PutTextAsync(new ObjectKey("a/b/e"), "again");
        Assert.Equal("again", await store.ReadTextAsync(new ObjectKey("a/b/e")));
    }

    [Fact]
    public async Task Writes_and_deletes_in_one_directory_do_not_trip_over_each_other()
    {
        DirectoryObjectStore one = Open();
        DirectoryObjectStore other = Open();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            DirectoryObjectStore store = worker % 2 == 0 ? one : other;
            for (int i = 0; i < 60; i++)
            {
                var key = new ObjectKey($"shared/deep/{i % 3}/{worker}");
                await store.PutTextAsync(key, $"{i}", WriteCondition.Absent);
                Assert.Equal($"{i}", await store.ReadTextAsync(key));
                await store.DeleteAsync(key, default);
            }
        }));

        Assert.Empty(await one.ListAsync());
    }

    [Fact]
    public async Task Leftovers_are_swept_when_they_are_old_and_nobodys()
    {
        Open();
        string temporary = Path.Combine(Hidden, "temporary");
        string old = Path.Combine(temporary, "old");
        string young = Path.Combine(temporary, "young");
        string draft = Path.Combine(temporary, "draft");
        await File.WriteAllTextAsync(old, "half", default);
        await File.WriteAllTextAsync(young, "half", default);
        Directory.CreateDirectory(draft);
        await File.WriteAllTextAsync(Path.Combine(draft, "about"), "half", default);
        using TemporaryFile owned = TemporaryFile.Create(Path.Combine(temporary, "owned"));
        DateTime longAgo = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-2);
        File.SetLastWriteTimeUtc(old, longAgo);
        File.SetLastWriteTimeUtc(owned.Path, longAgo);
        Directory.SetLastWriteTimeUtc(draft, longAgo);

        Open();

        Assert.False(File.Exists(old));
        Assert.False(Directory.Exists(draft));
        Assert.True(File.Exists(young));
        Assert.True(File.Exists(owned.Path));
    }

    [Fact]
    public async Task Upload_that_was_completed_by_a_process_that_died_is_swept()
    {
        DirectoryObjectStore store = Open();
        UploadId completed = await store.BeginUploadAsync(Key, default);
        UploadId open = await store.BeginUploadAsync(Key, default);
        // What a kill between the rename of the data and the clean-up leaves.
        File.Move(Path.Combine(Hidden, "uploads", completed.Value, "data"), Path.Combine(Root, "object"));

        Assert.Equal(open, Assert.Single(await store.UploadsAsync()).Id);
        await Assert.ThrowsAsync<UploadNotFoundException>(() => store.UploadPartAsync(Key, completed, 1, new byte[1], default));
        store = Open();

        Assert.Equal(open.Value, Path.GetFileName(Assert.Single(Directory.EnumerateDirectories(Path.Combine(Hidden, "uploads")))));
        Assert.Equal(open, Assert.Single(await store.UploadsAsync()).Id);
    }

    [Fact]
    public async Task List_agrees_with_a_sorted_set_of_keys()
    {
        const string Characters = "ab!-.09";
        DirectoryObjectStore store = Open();
        var memory = new MemoryObjectStore(TimeProvider.System);
        var random = new Random(11);
        for (int i = 0; i < 100; i++)
        {
            var key = new ObjectKey(RandomKey());
            await store.PutTextAsync(key, "");
            await memory.PutTextAsync(key, "");
        }

        for (int i = 0; i < 500; i++)
        {
            string some = RandomKey();
            string prefix = some[..random.Next(some.Length)];
            string? startAfter = random.Next(3) == 0 ? null : RandomKey();

            Assert.Equal(
                (await memory.ListAsync(prefix, startAfter)).Select(summary => summary.Key),
                (await store.ListAsync(prefix, startAfter)).Select(summary => summary.Key));
        }

        string RandomKey() => string.Join(
            '/',
            Enumerable.Range(0, random.Next(1, 4))
                .Select(_ => "ab0"[random.Next(3)] + new string(random.GetItems<char>(Characters, random.Next(0, 3)))));
    }

    private DirectoryObjectStore Open() => DirectoryObjectStore.Open(Root, TimeProvider.System);
}
