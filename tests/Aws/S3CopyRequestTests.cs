using System.Security.Cryptography;
using System.Text;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Aws.Tests;

/// <summary>What is sent to S3 to let it copy, and what its checksum proves.</summary>
public sealed class S3CopyRequestTests
{
    private static readonly ObjectKey Source = new("data/one.rdb");
    private static readonly ObjectKey Target = new("data/two.rdb");
    private static readonly byte[] Content = "the bytes of a data file"u8.ToArray();
    private static readonly Sha256Digest Digest = new(SHA256.HashData(Content));

    [Fact]
    public async Task Small_object_is_one_copied_part_and_S3s_own_SHA256_of_it_is_the_proof()
    {
        await using ScriptedServer s3 = Answering(Convert.ToBase64String(SHA256.HashData(Content)));
        using S3ObjectStore from = Open(s3, "s3://from-bucket/kept");
        using S3ObjectStore to = Open(s3, "s3://to-bucket", kmsKey: "alias/copies");

        CopyProof proof = await new ObjectCopy(from, to, TimeProvider.System).RunAsync(Source, Content.Length, Digest, Target, null, default);

        Assert.Equal(CopyProof.StoreChecksum, proof);
        Assert.Equal(["HEAD", "POST", "PUT", "POST"], s3.Requests.Select(request => request.Method));
        ScriptedRequest begin = s3.Requests[1];
        Assert.Equal("SHA256", begin.Header("x-amz-checksum-algorithm"));
        Assert.Equal(("aws:kms", "alias/copies"), (begin.Header("x-amz-server-side-encryption"), begin.Header("x-amz-server-side-encryption-aws-kms-key-id")));
        ScriptedRequest part = s3.Requests[2];
        Assert.StartsWith("/to-bucket/data/two.rdb?", part.Target, StringComparison.Ordinal);
        Assert.Equal("from-bucket/kept/data/one.rdb", Uri.UnescapeDataString(part.Header("x-amz-copy-source")!).TrimStart('/'));
        Assert.Null(part.Header("x-amz-copy-source-range"));
        Assert.Empty(part.Body);
        Assert.Equal("*", s3.Requests[3].Header("If-None-Match"));
        Assert.Contains("<ChecksumSHA256>", Encoding.UTF8.GetString(s3.Requests[3].Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copy_whose_SHA256_at_S3_is_another_is_taken_away_again()
    {
        await using ScriptedServer s3 = Answering(Convert.ToBase64String(SHA256.HashData("other bytes"u8)));
        using S3ObjectStore from = Open(s3, "s3://from-bucket/kept");
        using S3ObjectStore to = Open(s3, "s3://to-bucket");

        await Assert.ThrowsAsync<BackupDamagedException>(
            () => new ObjectCopy(from, to, TimeProvider.System).RunAsync(Source, Content.Length, Digest, Target, null, default));

        Assert.Equal(("DELETE", "/to-bucket/data/two.rdb"), (s3.Requests[^1].Method, s3.Requests[^1].Target));
    }

    [Fact]
    public async Task Large_object_is_copied_in_ranges_that_tile_it()
    {
        const long length = (3L << 30) + 17;
        await using var s3 = new ScriptedServer(
        [
            ScriptedAnswer.Xml("<InitiateMultipartUploadResult><UploadId>up</UploadId></InitiateMultipartUploadResult>"),
            .. Enumerable.Repeat(ScriptedAnswer.Xml("<CopyPartResult><ETag>\"part\"</ETag></CopyPartResult>"), 7),
            Completed,
        ]);
        using S3ObjectStore from = Open(s3, "s3://from-bucket/kept");
        using S3ObjectStore to = Open(s3, "s3://to-bucket");

        ServerSideCopy? copied = await to.TryCopyAsync(from, Source, length, Target, default);

        Assert.Null(copied!.Sha256);
        (long First, long Last)[] ranges =
        [
            .. s3.Requests.Select(request => request.Header("x-amz-copy-source-range")).OfType<string>()
                .Select(range => range["bytes=".Length..].Split('-'))
                .Select(ends => (First: long.Parse(ends[0], provider: null), Last: long.Parse(ends[1], provider: null)))
                .OrderBy(range => range.First),
        ];
        Assert.Equal(7, ranges.Length);
        Assert.Equal(0, ranges[0].First);
        Assert.Equal(length - 1, ranges[^1].Last);
        Assert.All(ranges.Zip(ranges.Skip(1)), pair => Assert.Equal(pair.First.Last + 1, pair.Second.First));
    }

    [Fact]
    public async Task Copy_that_S3_refuses_gives_its_upload_up()
    {
        await using var s3 = new ScriptedServer(
            ScriptedAnswer.Xml("<InitiateMultipartUploadResult><UploadId>up</UploadId></InitiateMultipartUploadResult>"),
            ScriptedAnswer.Error(403, "AccessDenied"),
            new ScriptedAnswer(204));
        using S3ObjectStore from = Open(s3, "s3://from-bucket/kept");
        using S3ObjectStore to = Open(s3, "s3://to-bucket");

        StoreAccessDeniedException refused = await Assert.ThrowsAsync<StoreAccessDeniedException>(
            () => to.TryCopyAsync(from, Source, Content.Length, Target, default));

        Assert.Contains("from-bucket", refused.Message, StringComparison.Ordinal);
        Assert.Equal("DELETE", s3.Requests[^1].Method);
        Assert.Contains("uploadId=up", s3.Requests[^1].Target, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "AccessDenied")]
    [InlineData(503, "SlowDown")]
    [InlineData(501, "NotImplemented")]
    public async Task Copy_that_broke_off_is_told_as_it_broke_off_whatever_becomes_of_its_upload(int status, string code)
    {
        await using var s3 = new ScriptedServer(
            ScriptedAnswer.Xml("<InitiateMultipartUploadResult><UploadId>up</UploadId></InitiateMultipartUploadResult>"),
            ScriptedAnswer.Error(500, "InternalError"),
            ScriptedAnswer.Error(status, code));
        using S3ObjectStore from = Open(s3, "s3://from-bucket/kept");
        using S3ObjectStore to = Open(s3, "s3://to-bucket");

        StoreUnavailableException broken = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => to.TryCopyAsync(from, Source, Content.Length, Target, default));

        Assert.Contains("copy 'data/one.rdb'", broken.Message, StringComparison.Ordinal);
        Assert.Equal("DELETE", s3.Requests[^1].Method);
    }

    [Fact]
    public async Task Stores_at_different_endpoints_do_not_copy_by_themselves()
    {
        await using ScriptedServer one = Answering("x");
        await using ScriptedServer other = Answering("x");
        using S3ObjectStore from = Open(one, "s3://from-bucket");
        using S3ObjectStore to = Open(other, "s3://to-bucket");
        Assert.Null(await to.TryCopyAsync(from, Source, Content.Length, Target, default));
        Assert.Empty(one.Requests);
        Assert.Empty(other.Requests);
    }

    private static ScriptedServer Answering(string sha256) => new(
        ScriptedAnswer.Ok("source") with { PromisedLength = Content.Length },
        ScriptedAnswer.Xml("<InitiateMultipartUploadResult><UploadId>up</UploadId></InitiateMultipartUploadResult>"),
        ScriptedAnswer.Xml(
            $"<CopyPartResult><ETag>\"part\"</ETag><ChecksumSHA256>{sha256}</ChecksumSHA256></CopyPartResult>"),
        Completed);

    private static ScriptedAnswer Completed =>
        ScriptedAnswer.Xml("<CompleteMultipartUploadResult><ETag>\"whole-1\"</ETag></CompleteMultipartUploadResult>");

    private static S3ObjectStore Open(ScriptedServer s3, string location, string? kmsKey = null) => S3ObjectStore.Open(
        S3Location.Parse(location),
        new S3StoreOptions { Endpoint = s3.Endpoint, Retries = 0, KmsKey = kmsKey },
        TimeProvider.System,
        MotoBuckets.Credentials);
}
