namespace CacheBackup.Aws;

/// <summary>How an <see cref="S3ObjectStore"/> reaches S3. Credentials come from the SDK's own chain: environment, profile, role.</summary>
public sealed record S3StoreOptions
{
    /// <summary>Another store that speaks S3's protocol, or null for S3 itself. Buckets are then named in the path.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The bucket's Region; null: as the SDK finds it (<c>AWS_REGION</c>, the profile), and <c>us-east-1</c> at an endpoint.</summary>
    public string? Region { get; init; }

    /// <summary>The KMS key (id, alias or ARN) that new objects are encrypted with; null: as the bucket says.</summary>
    public string? KmsKey { get; init; }

    /// <summary>
    /// How objects of this store are locked, whose bucket has Object Lock: deleting then removes every version of an object. Null: they are
    /// not, and a delete is a plain one.
    /// </summary>
    public S3LockMode? Lock { get; init; }

    /// <summary>
    /// Lists and uploads show every key that is there, also those that are none of ours: for a bucket of somebody else's.
    /// </summary>
    public bool TakesAnyKey { get; init; }

    /// <summary>
    /// The longest wait for a connection. In a VPC without an S3 endpoint nothing ever answers: two seconds, three times, and the error
    /// says so while the caller still has time to tell it.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest wait for the answer to one request, its body being sent included.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The longest wait for the next bytes of a body that is being read.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often the SDK repeats a call that is harmless to repeat. Conditional writes are never repeated by it: the second attempt
    /// would find the effect of a first one whose answer was lost, and call our own write a stranger's.
    /// </summary>
    public int Retries { get; init; } = 2;

    /// <summary>The endpoint from <c>AWS_ENDPOINT_URL_S3</c>, else <c>AWS_ENDPOINT_URL</c>; the rest as it is by default.</summary>
    /// <param name="readVariable">Reads an environment variable, or gives null.</param>
    /// <exception cref="FormatException">The variable is not an http or https address.</exception>
    public static S3StoreOptions FromEnvironment(Func<string, string?> readVariable)
    {
        foreach (string name in new[] { "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL" })
        {
            if (readVariable(name) is { Length: > 0 } address)
            {
                return Uri.TryCreate(address, UriKind.Absolute, out Uri? endpoint) && endpoint.Scheme is ("http" or "https")
                    ? new S3StoreOptions { Endpoint = endpoint }
                    : throw new FormatException($"{name} is not an http or https address.");
            }
        }

        return new S3StoreOptions();
    }
}
