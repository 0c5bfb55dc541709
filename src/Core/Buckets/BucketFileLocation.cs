namespace CacheBackup.Core.Buckets;

/// <summary>A file in a bucket of S3, as policies and commands name it.</summary>
/// <param name="Bucket">The bucket's name.</param>
/// <param name="Key">The whole key.</param>
public sealed record BucketFileLocation(string Bucket, string Key)
{
    public string BucketArn => $"arn:aws:s3:::{Bucket}";

    public string FileArn => $"arn:aws:s3:::{Bucket}/{Key}";

    public static BucketFileLocation Of(BucketAddress address, BucketFileName file)
    {
        string prefix = address.Location[(BucketAddress.Scheme.Length + address.Bucket.Length)..].Trim('/');
        return new BucketFileLocation(address.Bucket, prefix.Length == 0 ? file.Value : $"{prefix}/{file.Value}");
    }
}
