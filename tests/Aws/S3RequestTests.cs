using System.Text;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Aws.Tests;

/// <summary>What is sent to S3, and how its answers are read, byte by byte.</summary>
public sealed class S3RequestTests
{
    private static readonly ObjectKey Key = new("data/one.rdb");
    private static readonly byte[] CheckText = "123456789"u8.ToArray();

    // The check value of CRC-32, 0xCBF43926.
    private const string CheckCrc = "y/Q5Jg==";

    // The SDK checks a body that was written in one piece against its ETag, where that is an MD5.
    private const string CheckMd5 = "25f9e794323b453885f5181f1b624d0b";

    [Fact]
    public async Task Write_carries_its_checksum_and_condition_and_the_bare_bytes()
    {
        await using var s3 = new ScriptedServer(ScriptedAnswer.Ok("one"));
        using S3ObjectStore store = Open(s3);

        ObjectTag tag = await store.PutAsync(Key, CheckText, WriteCondition.Absent, default);
        await store.PutAsync(Key, CheckText, WriteCondition.Matches(tag), default);
        await store.PutAsync(Key, CheckText, WriteCondition.None, default);

        Assert.Equal("one", tag.Value);
        Assert.Equal(["*", null, null], s3.Requests.Select(request => request.Header("If-None-Match")));
        Assert.Equal([null, "\"one\"", null], s3.Requests.Select(request => request.Header("If-Match")));
        Assert.All(
            s3.Requests,
            request =>
            {
                Assert.Equal(("PUT", "/some-bucket/kept/data/one.rdb"), (request.Method, request.Target));
                Assert.Equal(CheckCrc, request.Header("x-amz-checksum-crc32"));
                Assert.Equal(CheckText, request.Body);
            });
    }

    [Fact]
    public async Task Upload_names_its_checksum_from_begin_to_end()
    {
        await using var s3 = new ScriptedServer(
            ScriptedAnswer.Xml("<InitiateMultipartUploadResult><UploadId>up</UploadId></InitiateMultipartUploadResult>"),
            ScriptedAnswer.Ok("part"),
            ScriptedAnswer.Xml("<CompleteMultipartUploadResult><ETag>\"whole-1\"</ETag></CompleteMultipartUploadResult>"));
        using S3ObjectStore store = Open(s3);

        UploadId upload = await store.BeginUploadAsync(Key, default);
        UploadedPart part = await store.UploadPartAsync(Key, upload, 3, CheckText, default);
        ObjectTag tag = await store.CompleteUploadAsync(Key, upload, [part], WriteCondition.Absent, default);

        Assert.Equal("whole-1", tag.Value);
        Assert.Equal("CRC32", s3.Requests[0].Header("x-amz-checksum-algorithm"));
        Assert.Equal(CheckCrc, s3.Requests[1].Header("x-amz-checksum-crc32"));
        Assert.Equal(CheckText, s3.Requests[1].Body);
        Assert.Equal("*", s3.Requests[2].Header("If-None-Match"));
        Assert.Equal("9", s3.Requests[2].Header("x-amz-mp-object-size"));
        string list = Encoding.UTF8.GetString(s3.Requests[2].Body);
        Assert.Contains($"<ChecksumCRC32>{CheckCrc}</ChecksumCRC32>", list, StringComparison.Ordinal);
        Assert.Contains("<PartNumber>3</PartNumber>", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Part_that_S3_took_for_other_bytes_is_not_acknowledged()
    {
        await using var s3 = new ScriptedServer(
            ScriptedAnswer.Ok("part") with
            {
                Headers = new Dictionary<string, string> { ["ETag"] = "\"part\"", ["x-amz-checksum-crc32"] = "AAAAAA==" },
            });
        using S3ObjectStore store = Open(s3);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.UploadPartAsync(Key, new UploadId("up"), 1, CheckText, default));
    }

    [Fact]
    public async Task Conditional_write_is_never_repeated_behind_the_callers_back()
    {
        await using var s3 = new ScriptedServer(ScriptedAnswer.Error(500, "InternalError"), ScriptedAnswer.Error(412, "PreconditionFailed"));
        using S3ObjectStore store = Open(s3, retries: 2);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.PutAsync(Key, CheckText, WriteCondition.Absent, default));

        Assert.Single(s3.Requests);
    }

    [Fact]
    public async Task Completion_is_never_repeated_behind_the_callers_back()
    {
        await using var s3 = new ScriptedServer(ScriptedAnswer.Error(500, "InternalError"), ScriptedAnswer.Error(404, "NoSuchUpload"));
        using S3ObjectStore store = Open(s3, retries: 2);
        var part = new UploadedPart(1, new ObjectTag("etag|AAAAAA=="), 1);

        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => store.CompleteUploadAsync(Key, new UploadId("up"), [part], WriteCondition.None, default));

        Assert.Single(s3.Requests);
    }

    [Fact]
    public async Task Harmless_calls_are_repeated()
    {
        await using var s3 = new ScriptedServer(ScriptedAnswer.Error(503, "SlowDown"), ScriptedAnswer.Reset, ScriptedAnswer.Ok("one"));
        using S3ObjectStore store = Open(s3, retries: 2);

        ObjectTag tag = await store.PutAsync(Key, CheckText, WriteCondition.None, default);

        Assert.Equal("one", tag.Value);
        Assert.Equal([CheckText, CheckText, CheckText], s3.Requests.Select(request => request.Body));
    }

    [Fact]
    public async Task Conflict_is_tried_again_a_few_times()
    {
        ScriptedAnswer conflict = ScriptedAnswer.Error(409, "ConditionalRequestConflict");
        await using var passing = new ScriptedServer(conflict, conflict, ScriptedAnswer.Ok("one"));
        using S3ObjectStore store = Open(passing);
        await using var lasting = new ScriptedServer(conflict);
        using S3ObjectStore blocked = Open(lasting);

        Assert.Equal("one", (await store.PutAsync(Key, CheckText, WriteCondition.Absent, default)).Value);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => blocked.PutAsync(Key, CheckText, WriteCondition.Absent, default));
        Assert.Equal(4, lasting.Requests.Count);
    }

    [Theory]
    [InlineData("<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>")]
    [InlineData("<CompleteMultipartUploadResult></CompleteMultipartUploadResult>")]
    public async Task Completion_that_fails_after_its_200_is_transient(string body)
    {
        await using var s3 = new ScriptedServer(ScriptedAnswer.Xml(body));
        using S3ObjectStore store = Open(s3);
        var part = new UploadedPart(1, new ObjectTag("etag|AAAAAA=="), 1);

        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => store.CompleteUploadAsync(Key, new UploadId("up"), [part], WriteCondition.None, default));
    }

    [Fact]
    public async Task Body_that_ends_early_is_never_the_end_of_the_data()
    {
        await using var s3 = new ScriptedServer(ScriptedAnswer.Ok(CheckMd5) with { Body = CheckText, PromisedLength = 1_000 });
        using S3ObjectStore store = Open(s3);
        await using ObjectContent content = await store.GetAsync(Key, null, default);

        Assert.Equal(1_000, content.LengthBytes);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => StoreBytes.ReadAllAsync(content.Stream));
    }

    [Fact]
    public async Task Body_with_other_bytes_than_its_tag_says_is_not_delivered_whole()
    {
        byte[] damaged = "123456780"u8.ToArray();
        await using var s3 = new ScriptedServer(ScriptedAnswer.Ok(CheckMd5) with { Body = damaged });
        using S3ObjectStore store = Open(s3);
        await using ObjectContent content = await store.GetAsync(Key, null, default);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => StoreBytes.ReadAllAsync(content.Stream));
    }

    [Fact]
    public async Task Body_that_stalls_is_given_up()
    {
        await using var s3 = new ScriptedServer(ScriptedAnswer.Ok(CheckMd5) with { Body = CheckText, PromisedLength = 1_000, Stalls = true });
        using S3ObjectStore store = Open(s3, readTimeout: TimeSpan.FromMilliseconds(200));
        await using ObjectContent content = await store.GetAsync(Key, null, default);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => StoreBytes.ReadAllAsync(content.Stream));
    }

    [Fact]
    public async Task Reader_of_a_stalled_body_can_be_cancelled()
    {
        await using var s3 = new ScriptedServer(ScriptedAnswer.Ok(CheckMd5) with { Body = CheckText, PromisedLength = 1_000, Stalls = true });
        using S3ObjectStore store = Open(s3);
        await using ObjectContent content = await store.GetAsync(Key, null, default);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        byte[] buffer = new byte[1_000];

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await content.Stream.ReadExactlyAsync(buffer, cancel.Token));
    }

    [Fact]
    public async Task Range_is_asked_for_by_its_last_byte_and_read_with_its_length()
    {
        await using var s3 = new ScriptedServer(
            new ScriptedAnswer(206)
            {
                Body = CheckText,
                Headers = new Dictionary<string, string> { ["ETag"] = "\"one\"", ["Content-Range"] = "bytes 5-13/70" },
            });
        using S3ObjectStore store = Open(s3);

        StoredBytes read = await store.ReadAsync(Key, new ByteRange(5, 9));

        Assert.Equal("bytes=5-13", Assert.Single(s3.Requests).Header("Range"));
        Assert.Equal(CheckText, read.Bytes);
        Assert.Equal(70, read.ObjectLengthBytes);
    }

    [Fact]
    public async Task List_follows_its_pages_and_passes_over_what_is_not_ours()
    {
        await using var s3 = new ScriptedServer(
            ScriptedAnswer.Xml(
                """
                <ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>more</NextContinuationToken>
                <Contents><Key>kept/data/</Key><Size>0</Size><ETag>"0"</ETag></Contents>
                <Contents><Key>kept/data/a b</Key><Size>1</Size><ETag>"0"</ETag></Contents>
                <Contents><Key>kept/data/a.rdb</Key><Size>5</Size><ETag>"1"</ETag></Contents></ListBucketResult>
                """),
            ScriptedAnswer.Xml(
                """
                <ListBucketResult><IsTruncated>false</IsTruncated>
                <Contents><Key>kept/data/b.rdb</Key><Size>6</Size><ETag>"2"</ETag></Contents></ListBucketResult>
                """));
        using S3ObjectStore store = Open(s3);

        List<ObjectSummary> listed = await store.ListAsync("data/", "data/a");

        Assert.Equal(
            [("data/a.rdb", 5, "1"), ("data/b.rdb", 6, "2")],
            listed.Select(summary => (summary.Key.Value, summary.LengthBytes, summary.Tag.Value)));
        Assert.Contains("prefix=kept%2Fdata%2F", s3.Requests[0].Target, StringComparison.Ordinal);
        Assert.Contains("start-after=kept%2Fdata%2Fa", s3.Requests[0].Target, StringComparison.Ordinal);
        Assert.Contains("continuation-token=more", s3.Requests[1].Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uploads_are_listed_over_pages()
    {
        await using var s3 = new ScriptedServer(
            ScriptedAnswer.Xml(
                """
                <ListMultipartUploadsResult><IsTruncated>true</IsTruncated><NextKeyMarker>kept/data/a</NextKeyMarker>
                <NextUploadIdMarker>1</NextUploadIdMarker>
                <Upload><Key>kept/data/a</Key><UploadId>1</UploadId><Initiated>2026-01-02T03:04:05.000Z</Initiated></Upload>
                </ListMultipartUploadsResult>
                """),
            ScriptedAnswer.Xml(
                """
                <ListMultipartUploadsResult><IsTruncated>false</IsTruncated>
                <Upload><Key>kept/data/b</Key><UploadId>2</UploadId><Initiated>2026-01-02T03:04:06.000Z</Initiated></Upload>
                </ListMultipartUploadsResult>
                """));
        using S3ObjectStore store = Open(s3);

        List<OpenUpload> open = await store.UploadsAsync("data/");

        Assert.Equal(
            [
                new OpenUpload(new ObjectKey("data/a"), new UploadId("1"), new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)),
                new OpenUpload(new ObjectKey("data/b"), new UploadId("2"), new DateTimeOffset(2026, 1, 2, 3, 4, 6, TimeSpan.Zero)),
            ],
            open);
        Assert.Contains("upload-id-marker=1", s3.Requests[1].Target, StringComparison.Ordinal);
    }

    private static S3ObjectStore Open(ScriptedServer s3, int retries = 0, TimeSpan? readTimeout = null)
    {
        var options = new S3StoreOptions { Endpoint = s3.Endpoint, Retries = retries, ReadTimeout = readTimeout ?? TimeSpan.FromSeconds(30) };
        return S3ObjectStore.Open(S3Location.Parse("s3://some-bucket/kept"), options, TimeProvider.System, MotoBuckets.Credentials);
    }
}
